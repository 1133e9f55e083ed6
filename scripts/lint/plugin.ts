import { relative, sep } from 'node:path';
import { explainForbidden, isShipped } from './import-verdict.ts';

// The parts of the ESTree that tell what a file imports. oxlint hands these nodes to the visitor below.
interface Literal {
  type: string;
  value?: unknown;
  literal?: Literal;
}
interface ModuleNode {
  source: Literal | null;
  importKind?: 'type' | 'value';
  exportKind?: 'type' | 'value';
}
interface Context {
  cwd: string;
  filename: string;
  report(problem: { message: string; node: object }): void;
}

/**
 * `buildit/import-table`: holds every import of a file, however it is written, against the import table. A plain
 * `import { type A }` counts as an import of values: it still loads the module.
 */
const importTableRule = {
  create(context: Context) {
    const file = relative(context.cwd, context.filename).split(sep).join('/');

    function check(node: object, source: Literal | null | undefined, isType: boolean): void {
      const specifier = source?.literal?.value ?? source?.value;
      if (typeof specifier !== 'string') return;
      const message = explainForbidden({ file, specifier, isType });
      if (message !== undefined) context.report({ message, node });
    }

    return {
      ImportDeclaration: (node: ModuleNode) => check(node, node.source, node.importKind === 'type'),
      ExportNamedDeclaration: (node: ModuleNode) => check(node, node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node: ModuleNode) => check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node: ModuleNode) => check(node, node.source, false),
      TSImportType: (node: ModuleNode) => check(node, node.source, true),
      TSExternalModuleReference: (node: { expression: Literal }) => check(node, node.expression, false),
      CallExpression(node: { callee: { type: string; name?: string }; arguments: Literal[] }) {
        if (node.callee.type === 'Identifier' && node.callee.name === 'require') check(node, node.arguments[0], false);
      },
    };
  },
};

// Entry files hand the environment on whole; they read nothing from it.
const readsEnvironment = /^(config\/system\/load|[^/]+\/main|web\/build\/main)\.ts$/;

/**
 * `buildit/environment`: only `config/system/load.ts` reads the environment, so that one file shows every setting. Code
 * that ships takes what it needs as an argument.
 */
const environmentRule = {
  create(context: Context) {
    const file = relative(context.cwd, context.filename).split(sep).join('/');
    if (!isShipped(file) || readsEnvironment.test(file)) return {};
    return {
      MemberExpression(node: { object: { name?: string }; property: { name?: string; value?: unknown } }) {
        if (node.object.name !== 'process' || (node.property.name ?? node.property.value) !== 'env') return;
        context.report({ message: 'only config/system/load.ts reads the environment: take the value from it', node });
      },
    };
  },
};

export default {
  meta: { name: 'buildit' },
  rules: { 'import-table': importTableRule, environment: environmentRule },
};

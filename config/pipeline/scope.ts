import type { PlanValue } from '#core/plan.ts';
import type { Text } from '#core/text.ts';
import type { Code } from './codes.ts';
import { GIT_FIELDS, gitField, PR_FIELDS, type TriggerFacts } from './facts.ts';
import { suggest } from './nearest.ts';
import { GIT_NAMES, isRoot, ROOTS } from './references.ts';
import type { Frames } from './reuse/frames.ts';

/** Everything a reference may look at, at one place of the file. */
export interface Scope {
  /** Null while only validating: then a fact is unknown, not missing. */
  facts: TriggerFacts | null;
  pipelineName: string;
  /** Null where validation knows no value. */
  params: ReadonlyMap<string, ParamValue>;
  /** Templates that this stage uses, whose texts have parameters of their own. */
  frames?: Frames;
  /** Of the leg, with what `include` adds (null: to other legs only); null outside a matrix. */
  matrix: Readonly<Record<string, string | null>> | null;
  /** Its values are not known before another stage has run. */
  isMatrixLate?: boolean;
  /** Null outside a stage. */
  stage: { name: string; index: number } | null;
  /** The environment so far, lowest layer first. */
  env: ReadonlyMap<string, Text>;
  /** Answers for `stages.…`; null where nothing has run before. */
  stages: ((name: string, rest: readonly string[]) => Lookup) | null;
}

/** Null: not known. A text with references: given to a template, and resolved when the stage runs. */
export type ParamValue = PlanValue | Exclude<Text, string> | null;

export type Lookup =
  /** Null: the fact exists and has no value in this run. */
  | { kind: 'known'; value: PlanValue | null }
  | { kind: 'text'; text: Text }
  /** Resolved when the stage runs. */
  | { kind: 'late'; ref: string }
  /** Only known once there is a run: while validating. */
  | { kind: 'open' }
  | { kind: 'problem'; code: Code; message: string; hint?: string };

const LATE_RUN = ['id', 'number', 'attempt', 'url'] as const;

/** What a dotted path stands for here (LANGUAGE §5). */
export function lookUp(scope: Scope, path: readonly string[]): Lookup {
  const [root = '', field = '', ...rest] = path;
  if (path.length === 1 && GIT_NAMES.includes(root)) return lookUp(scope, ['git', root]);
  if (!isRoot(root)) {
    const hint = suggest(root, [...ROOTS, ...GIT_NAMES]);
    const message = `nothing is called "${path.join('.')}" here`;
    return { kind: 'problem', code: 'KDL025', message, ...(hint ? { hint } : {}) };
  }
  if (root === 'stages') {
    return scope.stages?.(field, rest) ?? refuse(`"stages" has no value here: nothing has run yet`);
  }
  if (field === '' || rest.length > 0) {
    return refuse(`"${path.join('.')}" is no path: ${root} has fields one level deep`);
  }
  switch (root) {
    case 'git':
      return lookUpGit(scope, field);
    case 'pr':
      return lookUpPullRequest(scope, field);
    case 'pipeline':
      if (field === 'name') return { kind: 'known', value: scope.pipelineName };
      return lookUpLate(root, field, ['id'], ['name']);
    case 'run':
      if (field === 'trigger') {
        return scope.facts ? { kind: 'known', value: scope.facts.trigger } : { kind: 'open' };
      }
      return lookUpLate(root, field, LATE_RUN, ['trigger']);
    case 'stage':
      if (!scope.stage) return refuse('"stage" has a value inside stages only');
      if (field === 'name') return { kind: 'known', value: scope.stage.name };
      if (field === 'index') return { kind: 'known', value: scope.stage.index };
      return lookUpLate(root, field, ['attempt'], ['name', 'index']);
    case 'env':
      return lookUpEnvironment(scope, field);
    case 'secrets':
      return { kind: 'late', ref: `secrets.${field}` };
    case 'params':
      return lookUpParam(scope.params, field);
    case 'matrix':
      return lookUpAxis(scope, field);
    default:
      throw new Error(`unknown root ${String(root satisfies never)}`);
  }
}

function refuse(message: string, hint?: string): Lookup {
  return { kind: 'problem', code: 'KDL025', message, ...(hint ? { hint } : {}) };
}

function lookUpGit({ facts }: Scope, field: string): Lookup {
  const known = GIT_FIELDS.find((one) => one === field);
  if (!known) return refuse(`git has no field "${field}"`, suggest(field, GIT_FIELDS));
  if (!facts) return { kind: 'open' };
  if (facts.git) return { kind: 'known', value: gitField(facts.git, known) };
  const message = `git.${field} has no value: this folder is no git repository`;
  const hint = `give it one: \${git.${field} ?? "none"}, or run inside a repository`;
  return { kind: 'problem', code: 'KDL027', message, hint };
}

function lookUpPullRequest({ facts }: Scope, field: string): Lookup {
  const known = PR_FIELDS.find((one) => one === field);
  if (!known) return refuse(`pr has no field "${field}"`, suggest(field, PR_FIELDS));
  if (!facts) return { kind: 'open' };
  return { kind: 'known', value: facts.pr?.[known] ?? null };
}

function lookUpLate(root: string, field: string, late: readonly string[], known: readonly string[]): Lookup {
  if (late.includes(field)) return { kind: 'late', ref: `${root}.${field}` };
  return refuse(`${root} has no field "${field}"`, suggest(field, [...known, ...late]));
}

function lookUpEnvironment(scope: Scope, name: string): Lookup {
  const text = scope.env.get(name);
  if (text !== undefined) return { kind: 'text', text };
  if (!scope.facts) return { kind: 'open' };
  const hint = `declare it with env "${name}" "…", or give it one here: \${env.${name} ?? ""}`;
  const message = `no environment variable "${name}" is declared`;
  return { kind: 'problem', code: 'KDL027', message, hint };
}

function lookUpAxis({ matrix, isMatrixLate }: Scope, name: string): Lookup {
  if (!matrix) return refuse('"matrix" has a value inside a stage with a matrix only');
  const value = Object.hasOwn(matrix, name) ? matrix[name] : undefined;
  if (isMatrixLate && value !== undefined) return { kind: 'late', ref: `matrix.${name}` };
  if (value === null) {
    const hint = `give it one: \${matrix.${name} ?? "none"}`;
    return { kind: 'problem', code: 'KDL027', message: `this leg has no value "${name}"`, hint };
  }
  if (value !== undefined) return { kind: 'known', value };
  return refuse(`there is no axis "${name}"`, suggest(name, Object.keys(matrix)));
}

function lookUpParam(values: Scope['params'], name: string): Lookup {
  const value = values.get(name);
  if (value === null) return { kind: 'open' };
  if (typeof value === 'object' && !Array.isArray(value)) return { kind: 'text', text: value };
  if (value !== undefined) return { kind: 'known', value };
  return refuse(`there is no parameter "${name}"`, suggest(name, [...values.keys()]));
}

import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Diagnostic as Reported, DiagnosticSeverity, type Range } from 'vscode-languageserver/node';
import { compile } from '#config/pipeline/compile.ts';
import type { Diagnostic, Span } from '#core/diagnostic.ts';
import { readImportsOf } from '../file/imports.ts';

/** Every problem of a file as the protocol has it: lines and columns from 0. */
export function diagnose(uri: string, text: string): Reported[] {
  const path = uri.startsWith('file:') ? fileURLToPath(uri) : null;
  const file = path === null ? uri : basename(path);
  const folder = path === null ? null : dirname(path);
  const { diagnostics } = compile({
    ...{ file, text, facts: null, params: {}, executor: null, stages: [] },
    ...(path === null || folder === null ? {} : { imports: readImportsOf({ path, shown: file }, folder) }),
  });
  const uriOf = (name: string) =>
    name === file || folder === null ? uri : pathToFileURL(resolve(folder, name)).toString();
  return diagnostics.map((found) => {
    const one = found.file === file ? found : moveHere(found, file);
    return {
      range: rangeOf(one.span),
      severity: severityOf(one.severity),
      code: one.code,
      source: 'buildit',
      message: one.hint === undefined ? one.message : `${one.message}\n${one.hint}`,
      relatedInformation: one.related.map(({ file: other, span, message }) => ({
        location: { uri: uriOf(other), range: rangeOf(span) },
        message,
      })),
    };
  });
}

/** A problem in an imported file, shown where this file brings it in: the protocol has one file at a time. */
function moveHere(found: Diagnostic, file: string): Diagnostic {
  const here = found.related.find((related) => related.file === file);
  const start = { line: 1, column: 1, offset: 0 };
  return {
    ...found,
    message: `${found.file}: ${found.message}`,
    span: here?.span ?? { start, end: start },
    related: [{ file: found.file, span: found.span, message: found.message }],
  };
}

function rangeOf({ start, end }: Span): Range {
  return {
    start: { line: start.line - 1, character: start.column - 1 },
    end: { line: end.line - 1, character: end.column - 1 },
  };
}

function severityOf(severity: Diagnostic['severity']): DiagnosticSeverity {
  switch (severity) {
    case 'error':
      return DiagnosticSeverity.Error;
    case 'warning':
      return DiagnosticSeverity.Warning;
    case 'info':
      return DiagnosticSeverity.Information;
    default:
      return severity satisfies never;
  }
}

import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Diagnostic as Reported, DiagnosticSeverity, type Range } from 'vscode-languageserver/node';
import { compile } from '#config/pipeline/compile.ts';
import type { Diagnostic, Span } from '#core/diagnostic.ts';

/** Every problem of a file as the protocol has it: lines and columns from 0. */
export function diagnose(uri: string, text: string): Reported[] {
  const file = uri.startsWith('file:') ? basename(fileURLToPath(uri)) : uri;
  const { diagnostics } = compile({ file, text, facts: null, params: {}, executor: null, stages: [] });
  return diagnostics.map((one) => ({
    range: rangeOf(one.span),
    severity: severityOf(one.severity),
    code: one.code,
    source: 'buildit',
    message: one.hint === undefined ? one.message : `${one.message}\n${one.hint}`,
    relatedInformation: one.related
      .filter((related) => related.file === file)
      .map(({ span, message }) => ({ location: { uri, range: rangeOf(span) }, message })),
  }));
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

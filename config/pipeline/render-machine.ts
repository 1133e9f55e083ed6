import type { Diagnostic } from '#core/diagnostic.ts';
import { CODES } from './codes.ts';

/** All diagnostics as one JSON object; the web renders its frames from the same. */
export function renderJson(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic['severity']) => diagnostics.filter((one) => one.severity === severity).length;
  const report = { version: 1, errors: count('error'), warnings: count('warning'), diagnostics };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** Annotations of GitHub Actions, one line each (`::error file=…,line=…::message`). */
export function renderGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(({ code, severity, file, message, hint, span }) => {
      const level = severity === 'info' ? 'notice' : severity;
      const properties = Object.entries({
        file,
        line: span.start.line,
        endLine: span.end.line,
        // The workflow command takes columns only when the span stays on its line.
        ...(span.start.line === span.end.line ? { col: span.start.column, endColumn: span.end.column } : {}),
        title: code,
      }).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
      const text = hint === undefined ? message : `${message}\n${hint}`;
      return `::${level} ${properties.join(',')}::${escapeData(text)}\n`;
    })
    .join('');
}

/** Data of a workflow command: https://docs.github.com/actions/reference/workflow-commands. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** A SARIF 2.1.0 log with one run, for code scanning. */
export function renderSarif(diagnostics: readonly Diagnostic[]): string {
  const used = [...new Set(diagnostics.map((one) => one.code))].toSorted();
  const rules = Object.entries(CODES)
    .filter(([code]) => used.includes(code))
    .map(([id, { title, explanation }]) => ({
      id,
      shortDescription: { text: title },
      fullDescription: { text: explanation },
    }));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'buildit', rules } },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map(toResult),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function toResult({ code, severity, file, message, hint, span, related }: Diagnostic): object {
  return {
    ruleId: code,
    level: severity === 'info' ? 'note' : severity,
    message: { text: hint === undefined ? message : `${message} (${hint})` },
    locations: [{ physicalLocation: toLocation(file, span) }],
    relatedLocations: related.map((one, id) => ({
      id,
      message: { text: one.message },
      physicalLocation: toLocation(one.file, one.span),
    })),
  };
}

function toLocation(file: string, { start, end }: Diagnostic['span']): object {
  return {
    artifactLocation: { uri: encodeURI(file) },
    region: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
  };
}

import type { AuditEventObject } from '#core/rest-audit.ts';

/** How an export is written, an event at a time. */
export interface ExportFormat {
  contentType: string;
  /** Before the first event. */
  head: string;
  write(event: AuditEventObject): string;
}

const COLUMNS = [
  ...['seq', 'at', 'organization', 'workspace', 'actor', 'action', 'objectKind', 'objectId', 'objectName'],
  ...['verdict', 'code', 'address', 'requestId', 'detail', 'hash', 'id'],
];

export const EXPORT_FORMATS: Record<'ndjson' | 'csv', ExportFormat> = {
  ndjson: { contentType: 'application/x-ndjson', head: '', write: (event) => `${JSON.stringify(event)}\n` },
  csv: { contentType: 'text/csv; charset=utf-8', head: writeLine(COLUMNS), write: writeEventLine },
};

function writeEventLine(event: AuditEventObject): string {
  const { object, detail, seq, ...rest } = event;
  const values: Record<string, string | null> = {
    ...{ ...rest, seq: String(seq), detail: JSON.stringify(detail) },
    ...{ objectKind: object.kind, objectId: object.id, objectName: object.name },
  };
  return writeLine(COLUMNS.map((column) => values[column] ?? ''));
}

/** RFC 4180. What a spreadsheet would run as a formula gets an apostrophe: names come from people (OWASP). */
function writeLine(values: readonly string[]): string {
  const cells = values.map((value) => {
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${cells.join(',')}\r\n`;
}

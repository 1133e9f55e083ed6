/** A field that an event has changed, as JSON; null where it was not there. */
export interface Change {
  field: string;
  before: string | null;
  after: string | null;
}

/** What differs between `before` and `after` of an event's detail, field by field, and what else it says; null for nothing. */
export function listChanges(detail: Readonly<Record<string, unknown>>): {
  changes: Change[];
  rest: Record<string, unknown> | null;
} {
  const { before, after, ...others } = detail;
  const isTold = isFields(before) || isFields(after);
  const [old, now] = [isFields(before) ? before : {}, isFields(after) ? after : {}];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const changes = names
    .map((field) => ({ field, before: write(old[field]), after: write(now[field]) }))
    .filter((change) => change.before !== change.after);
  const rest = isTold ? others : { ...detail };
  return { changes, rest: Object.keys(rest).length > 0 ? rest : null };
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function write(value: unknown): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text can be the id of a row at all: anything else would be an error of the database, not "not found". */
export function isId(text: string): boolean {
  return UUID.test(text);
}

/** The least UUIDv7 of a moment, ms since epoch: ids of rows that came later are greater. */
export function idAt(ms: number): string {
  const hex = Math.trunc(ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

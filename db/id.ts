const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text can be the id of a row at all: anything else would be an error of the database, not "not found". */
export function isId(text: string): boolean {
  return UUID.test(text);
}

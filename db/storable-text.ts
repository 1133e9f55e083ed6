/**
 * Text for a text column. Postgres takes neither U+0000 nor halves of surrogate pairs there (SQLSTATE 22021), which
 * what a program prints may well have: each is replaced by U+FFFD, as a decoder does it.
 */
export function toStorableText(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}

/**
 * A JSON value as text, for a field that `json_to_recordset` answers as text and that is cast to `json` then. A `json`
 * column keeps U+0000 and halves of surrogate pairs as they are, but the functions that take JSON apart refuse them
 * wherever they stand (22P02, 22P05); as text within text they are not looked into.
 */
export function toJsonText(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

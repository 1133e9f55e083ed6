/**
 * Text as Postgres takes it. It has neither U+0000 nor halves of surrogate pairs (SQLSTATE 22021, 22P02, 22P05), which
 * what a program prints may well have: each is replaced by U+FFFD, as a decoder does it.
 */
export function toStorableText(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}

/** JSON text of a value, by the same rule: also in its names. */
export function toStorableJson(value: unknown): string {
  const text = JSON.stringify(value);
  // Whole pairs are never escaped, so what is escaped of the surrogates is a half.
  if (!/\\u(?:0000|d[89a-f])/.test(text)) return text;
  // Every escape is consumed as a whole: `\\u0000` is a backslash and text.
  return text.replaceAll(/\\(?:u0000|ud[89a-f]..|.)/g, (escape) => (/^\\u(?:0000|d)/.test(escape) ? '\ufffd' : escape));
}

import { createMasker } from '#store/log/mask.ts';

/** Takes the values of secrets out of short texts, as a log does. */
export function createTextMasker(secrets: readonly string[]): (text: string) => string {
  if (secrets.length === 0) return (text) => text;
  const masker = createMasker(secrets);
  return (text) => {
    const pieces: Buffer[] = [];
    // A piece is a view that is good until the next call.
    for (const { bytes } of masker.push(Buffer.from(text))) pieces.push(Buffer.from(bytes));
    for (const { bytes } of masker.end()) pieces.push(Buffer.from(bytes));
    return Buffer.concat(pieces).toString('utf8');
  };
}

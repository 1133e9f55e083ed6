/** The first 12 digits of a digest, with or without its `sha256:` (UI §2). */
export function formatDigest(digest: string): string {
  return digest.replace(/^\w+:/, '').slice(0, 12);
}

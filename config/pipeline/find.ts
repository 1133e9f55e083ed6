/** What a directory holds, as far as it matters here. */
export interface Listing {
  /** Names in the directory itself. */
  names: readonly string[];
  /** Names in its `.buildit`; empty without one. */
  inside: readonly string[];
}

/**
 * The pipeline files of a repository, relative to it (LANGUAGE §1): `.buildit.kdl`, else
 * `buildit.kdl`, else every `*.kdl` directly in `.buildit/`, sorted. Several at once are
 * all answered, so that the caller can say that one hides the other.
 */
export function findPipelineFiles({ names, inside }: Listing): string[] {
  const direct = ['.buildit.kdl', 'buildit.kdl'].filter((name) => names.includes(name));
  const folder = inside.filter((name) => name.endsWith('.kdl') && !name.startsWith('.'));
  return [...direct, ...folder.toSorted().map((name) => `.buildit/${name}`)];
}

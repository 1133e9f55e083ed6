import picomatch from 'picomatch';

/**
 * Whether a path (relative, `/`-separated) is meant by a list of globs: those without `!` add, those with `!` take
 * away again. A glob that matches a folder means everything below it; names that begin with a dot are ordinary.
 */
export function createGlobMatcher(globs: readonly string[]): (path: string) => boolean {
  const added = globs.filter((glob) => !glob.startsWith('!')).map(compileGlob);
  const taken = globs.filter((glob) => glob.startsWith('!')).map((glob) => compileGlob(glob.slice(1)));
  return (path) => added.some((matches) => matches(path)) && !taken.some((matches) => matches(path));
}

function compileGlob(glob: string): (path: string) => boolean {
  const pattern = glob.replace(/^(\.\/)+/, '').replace(/\/+$/, '');
  if (pattern === '' || pattern === '.') return () => true;
  // `nonegate`: the list decides what `!` means, one pattern alone never does.
  const matches = picomatch(pattern, { dot: true, nonegate: true });
  const folderMatches = picomatch(`${pattern}/**`, { dot: true, nonegate: true });
  return (path) => matches(path) || folderMatches(path);
}

/** The longest folder without wildcards that holds all a glob can match: where a walk may begin. Empty for the root. */
export function findGlobBase(glob: string): string {
  const { base, isGlob } = picomatch.scan(glob.replace(/^(\.\/)+/, ''));
  return isGlob ? base : base.replace(/\/+$/, '');
}

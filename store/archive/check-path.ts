/** Why a path of an archive would not stay below the tree it is unpacked to, or null when it does. */
export function findUnsafePath(path: string): string | null {
  if (path.includes('\0')) return 'it holds a NUL';
  if (path.startsWith('/')) return 'it is absolute';
  if (path.split('/').includes('..')) return 'it climbs with ".."';
  return null;
}

/**
 * Why a symbolic link would leave the tree, or null. `..` may only lead a target: behind a
 * name that is itself a link, `name/..` is a place that nobody can know from the text.
 */
export function findUnsafeLink(path: string, target: string): string | null {
  if (target === '' || target.includes('\0')) return 'its target is no path';
  if (target.startsWith('/')) return `its target ${target} is absolute`;
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const climbs = parts.findIndex((part) => part !== '..');
  const leading = climbs === -1 ? parts.length : climbs;
  if (parts.slice(leading).includes('..')) return `its target ${target} climbs behind a name`;
  if (leading > path.split('/').length - 1) return `its target ${target} is outside of the tree`;
  return null;
}

/** A path of an archive as we write it: without `./` in front, doubled or last slashes; `''` is the tree itself. */
export function normalizePath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return (path.startsWith('/') ? '/' : '') + parts.join('/');
}

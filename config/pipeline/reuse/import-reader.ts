/** What an `import` names. */
export type ImportTarget =
  /** As written: relative to the file that imports. */
  | { kind: 'path'; path: string }
  /** `org/lib`, or `org/lib/inner/file.kdl`, at a branch, tag or commit. */
  | { kind: 'library'; library: string; path: string; ref: string };

export type ImportedFile =
  | {
      kind: 'text';
      /** One name for one file, however it is imported; messages and the plan show it. */
      file: string;
      text: string;
      /** Of another repository: it may bring templates alone. */
      isForeign: boolean;
    }
  | { kind: 'refused'; message: string; hint?: string };

/** Reads a file that another one imports. Synchronous, and never from the network: compiling is pure but for this. */
export type ImportReader = (from: string, target: ImportTarget) => ImportedFile;

/** Where there is no folder around the file: a text sent to a server, standard input. */
export const NO_FILES: ImportReader = () => ({
  kind: 'refused',
  message: 'this text stands alone: there are no files it could import',
  hint: 'write the templates into the text itself, or run a file of a repository: buildit run FILE',
});

/** The file of a library whose import names none. */
export const LIBRARY_FILE = 'templates.kdl';

/** Segments of a library's name and path: they become part of addresses and folders. */
const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;

/** The two parts of `org/lib/inner/file.kdl`; null when it is no such name. */
export function splitLibrary(name: string): { library: string; path: string } | null {
  const [organization = '', library = '', ...inner] = name.split('/');
  const isName = [organization, library, ...inner].every((one) => SEGMENT.test(one) && !one.endsWith('.git'));
  if (!isName || (inner.length > 0 && !name.endsWith('.kdl'))) return null;
  return { library: `${organization}/${library}`, path: inner.length > 0 ? inner.join('/') : LIBRARY_FILE };
}

/** A branch, tag or commit that git may be asked for. */
export function isRef(ref: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_./+-]{0,199}$/.test(ref) && !ref.includes('..') && !ref.endsWith('.lock');
}

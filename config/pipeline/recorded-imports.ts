import type { ImportedFile, ImportReader } from './reuse/import-reader.ts';

/** Keeps what is imported, so that the file can be compiled again where its folder is not at hand. */
export function recordImports(read: ImportReader, recorded: Record<string, string>): ImportReader {
  return (from, target) => {
    const found = read(from, target);
    recorded[keyOf(from, target)] = JSON.stringify(found);
    return found;
  };
}

/** Answers what was recorded. */
export function replayImports(recorded: Readonly<Record<string, string>>): ImportReader {
  return (from, target) => {
    const found = recorded[keyOf(from, target)];
    if (found === undefined) return { kind: 'refused', message: 'it was not imported when the run was planned' };
    return JSON.parse(found) as ImportedFile;
  };
}

function keyOf(from: string, target: Parameters<ImportReader>[1]): string {
  return JSON.stringify([from, target]);
}

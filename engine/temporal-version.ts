/** Version of the server inside a Temporal binary, e.g. `1.32.0`. */
export type ServerVersion = string;

/** The oldest server that works: older ones let one namespace act on another (ENGINE 10, ARCHITECTURE 5). */
export const MINIMUM_SERVER: ServerVersion = '1.30.4';

/** Reads `temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)`. @returns the server's version, or null for other text */
export function parseServerVersion(output: string): ServerVersion | null {
  return /\(Server (\d+\.\d+\.\d+)/.exec(output)?.[1] ?? null;
}

/** Negative when `a` is older than `b`. */
export function compareVersions(a: ServerVersion, b: ServerVersion): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (const [at, part] of left.entries()) {
    const difference = part - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether BuildIt runs on this server. */
export function isSupported(version: ServerVersion): boolean {
  return compareVersions(version, MINIMUM_SERVER) >= 0;
}

import { execFileSync } from 'node:child_process';

/** Absolute paths of the shared libraries a binary is started with; none for a static one. */
export function listLibraries(binary: string): string[] {
  try {
    const output = execFileSync('ldd', [binary], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return [...output.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)].map((match) => match[1] ?? '').filter(Boolean);
  } catch {
    // ldd refuses static binaries, which need nothing.
    return [];
  }
}

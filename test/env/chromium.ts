import { existsSync } from 'node:fs';
import type { Readiness } from './readiness.ts';

/** Where Debian and others put the browser. */
const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The program of a Chromium; null where there is none. */
export function locateChromium(): string | null {
  return PROGRAMS.find((program) => existsSync(program)) ?? null;
}

export function findChromium(): Readiness {
  return locateChromium() ? { ready: true } : { ready: false, reason: 'there is no /usr/bin/chromium (chromium)' };
}

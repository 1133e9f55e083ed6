/** Policies that scripts of ours may make to hand an address to a sink that takes scripts (web/src/app/trusted.ts). */
const TRUSTED_TYPES = 'buildit';

/**
 * Content Security Policy of the interface: everything from this server alone, scripts in the page by their digest, no
 * string becomes a script or an address of one, nobody frames it. Pictures as data are the state in the tab's icon.
 */
export function writePolicy(scriptDigests: readonly string[]): string {
  const scripts = scriptDigests.map((digest) => `'sha256-${digest}'`);
  return [
    "default-src 'self'",
    ["script-src 'self'", ...scripts].join(' '),
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${TRUSTED_TYPES}`,
  ].join('; ');
}

/** Of a file that is started as a worker: it loads code of ours and asks this server, nothing else. */
export const WORKER_POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

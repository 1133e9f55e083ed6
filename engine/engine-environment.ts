import type { Environment } from './places.ts';

/**
 * What an engine keeps of the environment of the command that started it. It outlives that command by hours and serves
 * others, so nothing of that one shell may leak into it: no tokens, no DATABASE_URL of some project.
 */
const KEPT = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR)$/,
  /^(BUILDIT|XDG|PIP)_\w+$/,
  /^(HTTPS?|ALL|NO|FTP)_PROXY$/i,
  /^(NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|DOCKER_CONFIG)$/,
  /^(LD_LIBRARY_PATH|DYLD_\w+)$/,
];

/** The variables an engine starts with. */
export function keepEngineVariables(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => KEPT.some((rule) => rule.test(name))));
}

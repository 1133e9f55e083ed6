import { ORIGINS_VARIABLE } from '#config/system/origins.ts';
import { VARIABLES, type Variable } from '#config/system/variables.ts';
import type { Environment } from './places.ts';

/**
 * What an engine keeps of the environment of the command that started it. It outlives that command by hours and serves
 * others, so nothing of that one shell may leak into it: no tokens, no DATABASE_URL of some project.
 */
const KEPT = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR)$/,
  /^(BUILDIT|XDG|PIP)_\w+$/,
  /^OTEL_EXPORTER_OTLP_ENDPOINT$/,
  /^(HTTPS?|ALL|NO|FTP)_PROXY$/i,
  /^(NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|DOCKER_CONFIG)$/,
  /^(LD_LIBRARY_PATH|DYLD_\w+)$/,
];

/** Of the command line: whose server it speaks to, and as whom. */
const OF_COMMANDS = /^BUILDIT_(TOKEN|SERVER|TENANT|CONFIG)$/;

/** The variables an engine starts with. */
export function keepEngineVariables(environment: Environment): Environment {
  return pick(environment, (name) => KEPT.some((rule) => rule.test(name)) && !OF_COMMANDS.test(name));
}

const SERVER_VARIABLES = new Set<string>([
  ...VARIABLES.filter((variable: Variable) => variable.part === undefined).map(({ name }) => name),
  ORIGINS_VARIABLE,
]);

/** The variables that make a server what it is, of the command that wants it so. */
export function keepServerVariables(environment: Environment): Environment {
  return pick(environment, (name) => SERVER_VARIABLES.has(name));
}

/** The same without them. */
export function removeServerVariables(environment: Environment): Environment {
  return pick(environment, (name) => !SERVER_VARIABLES.has(name));
}

function pick(environment: Environment, isWanted: (name: string) => boolean): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => value !== undefined && isWanted(name)),
  );
}

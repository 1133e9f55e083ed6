import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { AuthConfigObject } from 'dockerode';
import { z } from 'zod';

const DOCKER_HUB = 'https://index.docker.io/v1/';
const HELPER_MS = 10_000;

const ConfigFile = z.object({
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().default(''),
});
const HelperAnswer = z.object({ Username: z.string(), Secret: z.string() });

/**
 * The `docker login` of the account the worker runs as (ENGINE 16): config.json, or the credential helper it names.
 * Null when there is none; then the daemon asks the registry without a name.
 */
export async function findRegistryLogin(
  ref: string,
  folder = join(homedir(), '.docker'),
): Promise<AuthConfigObject | null> {
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = ConfigFile.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const registry = findRegistry(ref);
  const helper = parsed.data.credHelpers[registry] ?? parsed.data.credsStore;
  if (helper !== '') return askHelper(helper, registry);
  const entry = parsed.data.auths[registry] ?? parsed.data.auths[`https://${registry}`];
  if (!entry) return null;
  if (entry.identitytoken) return { identitytoken: entry.identitytoken, serveraddress: registry };
  const [username, password] = splitOnce(Buffer.from(entry.auth ?? '', 'base64').toString('utf8'), ':');
  return username === '' ? null : { username, password, serveraddress: registry };
}

/** The registry of a reference: its first part if that looks like a host, else Docker Hub. */
function findRegistry(ref: string): string {
  const [first, rest] = splitOnce(ref, '/');
  return rest !== '' && (/[.:]/.test(first) || first === 'localhost') ? first : DOCKER_HUB;
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** `docker-credential-NAME get`, the registry on stdin. A name with anything but word characters is none. */
async function askHelper(name: string, registry: string): Promise<AuthConfigObject | null> {
  if (!/^[\w.-]+$/.test(name)) return null;
  const answer = await new Promise<string | null>((resolve) => {
    const child = spawn(`docker-credential-${name}`, ['get'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: HELPER_MS,
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code === 0 ? text : null));
    child.stdin.on('error', () => undefined);
    child.stdin.end(registry);
  });
  const parsed = answer === null ? null : HelperAnswer.safeParse(parseJson(answer));
  if (!parsed?.success) return null;
  // Helpers say `<token>` for the name when the secret is an identity token.
  if (parsed.data.Username === '<token>') return { identitytoken: parsed.data.Secret, serveraddress: registry };
  return { username: parsed.data.Username, password: parsed.data.Secret, serveraddress: registry };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

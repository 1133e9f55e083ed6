import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { type ApiClient, createClient } from '#api/client/client.ts';
import { problemOf } from '#api/client/problem.ts';
import type { DeviceCodeObject, DeviceTokensObject, MeObject } from '#core/rest-sign-in.ts';
import type { Call, Handler } from '../call.ts';
import { type ConfigFile, withContext, withSetting, writeConfigFile } from '../context/config-file.ts';
import { ANONYMOUS, fixedCredential, pickTokens } from '../context/credential.ts';
import { type Kept, openCredentials } from '../context/credentials.ts';
import { LOCAL, readServerUrl } from '../context/place.ts';
import { placeOf } from '../context/session.ts';
import { describeMe, printMe } from '../context/show-me.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';
import { readSecretInput } from '../terminal/read-secret.ts';

type LoginCall = Call<Commands['login']>;

/** Added to the pause between two polls when the server finds them too frequent (RFC 8628 §3.5), ms. */
const SLOWER_MS = 5_000;

/** `buildit login [URL] [--with-token] [--name CTX]` */
export const handle: Handler<Commands['login']> = async (call) => {
  const url = chooseServer(call);
  const context = nameContext(call, url);
  if (url.startsWith('http:') && !/^(?:localhost|127\.|\[::1\])/.test(new URL(url).host)) {
    call.screen.cry(`warning: ${url} is not encrypted: whoever sits between can read your token\n`);
  }
  const { kept, me } = call.options['with-token'] ? await takeToken(call, url) : await confirmDevice(call, url);
  openCredentials(call.environment).keep(context, kept);
  const file = useContext(call.config, context, url);
  const { screen } = call;
  screen.say(`Signed in to ${url} as ${me.actor} (context ${context}).\n`);
  const own = file.contexts.find(({ name }) => name === context)?.workspace ?? null;
  const places = describeMe(me);
  if (own === null && places.length > 1) {
    screen.say(`You are in several workspaces. Next: buildit config set workspace ${places[0] ?? 'O/W'}\n`);
  } else screen.say('Next: buildit pipelines list\n');
  if (call.format !== 'table') await printMe(call, me);
  return EXIT.done;
};

function chooseServer(call: LoginCall): string {
  const written = call.words[0];
  if (written !== undefined) return readServerUrl(written);
  const place = placeOf(call);
  if (place.kind === 'server') return place.url;
  throw new CommandError(EXIT.usage, {
    code: 'usage',
    message: 'login needs the address of a server',
    fix: 'buildit login https://ci.example.com; the engine of this machine needs no sign-in',
  });
}

/** `--name`, else the context that has the server already, else the host. */
function nameContext({ options, config }: LoginCall, url: string): string {
  const name =
    options.name ??
    config.contexts.find(({ server }) => server.value === url)?.name ??
    new URL(url).host.replace(':', '-');
  const held = config.contexts.find((context) => context.name === name);
  if (name === LOCAL || !/^[\w.[\]:-]+$/.test(name)) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: name === LOCAL ? 'local is the engine of this machine' : `"${name}" is no name for a context`,
      fix: 'letters, digits, dots and dashes: --name work',
    });
  }
  if (held && held.server.value !== url) {
    throw new CommandError(EXIT.conflict, {
      code: 'context-taken',
      message: `the context ${name} is of another server, ${held.server.value}`,
      fix: 'choose another name: --name CTX',
    });
  }
  return name;
}

function useContext(config: ConfigFile, name: string, url: string): ConfigFile {
  const workspace = config.contexts.find((context) => context.name === name)?.workspace?.value ?? null;
  const file = writeConfigFile(config.path, withContext(config, name, url, workspace));
  return writeConfigFile(file.path, withSetting(file, 'use', name));
}

async function takeToken(call: LoginCall, url: string): Promise<{ kept: Kept; me: MeObject }> {
  const token = (await readSecretInput(call.screen, 'Token: ', 'token')).toString('utf8').trim();
  const api = createClient({ url, credential: fixedCredential(token) });
  const me = await api.getMe();
  api.close();
  return { kept: { kind: 'token', server: url, token }, me };
}

async function confirmDevice(call: LoginCall, url: string): Promise<{ kept: Kept; me: MeObject }> {
  const api = createClient({ url, credential: ANONYMOUS });
  const device = await api.requestDeviceCode(`buildit on ${hostname()}`);
  const { screen } = call;
  screen.cry(`Open  ${device.verificationUriComplete}\n`);
  screen.cry(`Code  ${screen.paint('bold', device.userCode)}\n`);
  screen.say('Compare the code there, and confirm. Waiting …\n');
  const tokens = pickTokens(await waitForYes(api, device, call.timeoutMs));
  api.close();
  const signedIn = createClient({ url, credential: fixedCredential(tokens.accessToken) });
  const me = await signedIn.getMe();
  signedIn.close();
  return { kept: { kind: 'session', server: url, ...tokens }, me };
}

/** Polls until the person has answered. Throws exit 4 for a no and for a code that has ended. */
async function waitForYes(
  api: ApiClient,
  device: DeviceCodeObject,
  timeoutMs: number | null,
): Promise<DeviceTokensObject> {
  const end = Date.now() + Math.min(timeoutMs ?? Infinity, device.expiresInMs);
  let pause = device.intervalMs;
  while (Date.now() < end) {
    await wait(pause);
    try {
      return await api.pollDeviceToken(device.deviceCode);
    } catch (thrown) {
      const code = problemOf(thrown)?.code;
      if (code === 'slow-down') pause += SLOWER_MS;
      else if (code === 'device-code-expired') break;
      else if (code !== 'authorization-pending') throw thrown;
    }
  }
  throw new CommandError(timeoutMs === null ? EXIT.notAllowed : EXIT.timedOut, {
    code: 'device-code-expired',
    message: `nobody has confirmed the code ${device.userCode} in time`,
    fix: 'begin again: buildit login',
  });
}

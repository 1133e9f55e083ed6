import { type ApiClient, createClient } from '#api/client/client.ts';
import { readEngineFile } from '#engine/engine-file.ts';
import { findDataFolder, nameDataFiles } from '#engine/places.ts';
import { readConfigFile } from '../context/config-file.ts';
import { heldCredential } from '../context/credential.ts';
import { openCredentials } from '../context/credentials.ts';
import { organizationOf } from '../context/organization-of.ts';
import { choosePlace, type Place, workspaceOf } from '../context/place.ts';
import type { LiveKind } from '../grammar/spec.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Names as they are now at the place that the words so far choose. Nothing when nobody serves there. */
export async function listLiveNames(
  asked: { names: LiveKind; run: string | null },
  argv: readonly string[],
  environment: Environment,
): Promise<string[]> {
  const config = readConfigFile(environment, true);
  const flags = { context: valueOf(argv, '--context'), workspace: valueOf(argv, '--workspace') };
  const isLocal = asked.run?.startsWith('local/') === true && flags.context === null;
  const place: Place = isLocal ? { kind: 'local' } : choosePlace({ flags, environment, config });
  const api = openHeld(place, environment);
  if (api === null) return asked.names === 'run' ? ['@last'] : [];
  const workspace = workspaceOf(place);
  switch (asked.names) {
    case 'run':
      return ['@last', ...(await api.listRuns({ limit: 50, workspace })).items.map(({ label }) => label)];
    case 'stage':
      return asked.run === null ? [] : (await api.listStages(asked.run)).map(({ name }) => name);
    case 'gate':
      return asked.run === null ? [] : (await api.listGates(asked.run)).map(({ name }) => name);
    case 'artifact':
      return asked.run === null ? [] : (await api.listArtifacts(asked.run)).map(({ name }) => name);
    case 'pipeline':
      return (await api.listPipelines({ limit: 200, workspace })).items.map(({ name }) => name);
    case 'environment':
      return (await api.listEnvironments(workspace)).map(({ name }) => name);
    case 'secret':
      return (await api.listSecrets({ workspace, limit: 200 })).items.map(({ name }) => name);
    case 'token':
      return (await api.listTokens()).map(({ name }) => name);
    case 'member':
      return (await api.listMembers({ organization: organizationOf(place), limit: 200 })).items.map(
        ({ user }) => user.name,
      );
    default:
      return asked.names satisfies never;
  }
}

/** A client with what is at hand: a running engine, a token that still counts. */
function openHeld(place: Place, environment: Environment): ApiClient | null {
  if (place.kind === 'server') {
    const credential = heldCredential(place, openCredentials(environment));
    return credential && createClient({ url: place.url, credential });
  }
  const file = readEngineFile(nameDataFiles(findDataFolder(environment)).engine);
  return file && createClient({ socketPath: file.socket, token: file.token });
}

/** Value of a flag among the words, `--flag V` or `--flag=V`. */
function valueOf(argv: readonly string[], flag: string): string | null {
  const at = argv.indexOf(flag);
  if (at !== -1) return argv[at + 1] ?? null;
  return argv.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1) ?? null;
}

import type { ApiClient } from '#api/client/client.ts';
import { createClient } from '#api/client/client.ts';
import { readEngineFile } from '#engine/engine-file.ts';
import { findDataFolder, nameDataFiles } from '#engine/places.ts';
import { type Candidates, findCandidates } from './candidates.ts';

/** Live names come within this time or not at all (UI §8). */
const WITHIN_MS = 250;

/**
 * Prints the words that could end the arguments. Names of runs, stages, gates and
 * artifacts are asked of a running engine; none is started for it.
 */
export async function answerCompletion(
  argv: readonly string[],
  environment: Record<string, string | undefined>,
): Promise<void> {
  const current = argv.at(-1) ?? '';
  const found = findCandidates(argv);
  const words = found.kind === 'words' ? found.words : await withinTime(listNames(found, environment));
  const fitting = words.filter((word) => word.startsWith(current));
  if (fitting.length > 0) process.stdout.write(`${fitting.join('\n')}\n`);
}

async function listNames(
  asked: Extract<Candidates, { kind: 'live' }>,
  environment: Record<string, string | undefined>,
): Promise<string[]> {
  const file = readEngineFile(nameDataFiles(findDataFolder(environment)).engine);
  if (file === null) return asked.names === 'run' ? ['@last'] : [];
  const api = createClient({ socketPath: file.socket, token: file.token });
  if (asked.names === 'run') {
    const { items } = await api.listRuns({ limit: 50, cursor: null });
    return ['@last', ...items.map(({ label }) => label)];
  }
  if (asked.run === null) return [];
  return namesOf(api, asked.names, (await api.getRun(asked.run)).id);
}

async function namesOf(api: ApiClient, names: 'stage' | 'gate' | 'artifact', run: string): Promise<string[]> {
  switch (names) {
    case 'stage':
      return (await api.listStages(run)).map(({ name }) => name);
    case 'gate':
      return (await api.listGates(run)).map(({ name }) => name);
    case 'artifact':
      return (await api.listArtifacts(run)).map(({ name }) => name);
    default:
      return names satisfies never;
  }
}

/** An answer that is late or refused is no answer: completion never disturbs. */
function withinTime(names: Promise<string[]>): Promise<string[]> {
  const late = new Promise<string[]>((resolve) => {
    setTimeout(() => resolve([]), WITHIN_MS).unref();
  });
  return Promise.race([names.catch(() => []), late]);
}

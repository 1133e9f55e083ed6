import { readConfigFile } from '../context/config-file.ts';
import { LOCAL } from '../context/place.ts';
import { findCandidates, type Candidates } from './candidates.ts';
import { listLiveNames } from './live-names.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Live names come within this time or not at all (UI §8). */
const WITHIN_MS = 250;

/**
 * Prints the words that could end the arguments. Names of runs, pipelines and so on are asked of a running engine or
 * of the server; no engine is started for it, and no session renewed.
 */
export async function answerCompletion(argv: readonly string[], environment: Environment): Promise<void> {
  const current = argv.at(-1) ?? '';
  const words = await withinTime(listWords(findCandidates(argv), argv, environment));
  const fitting = words.filter((word) => word.startsWith(current));
  if (fitting.length > 0) process.stdout.write(`${fitting.join('\n')}\n`);
}

async function listWords(found: Candidates, argv: readonly string[], environment: Environment): Promise<string[]> {
  switch (found.kind) {
    case 'words':
      return found.words;
    case 'contexts':
      return [LOCAL, ...readConfigFile(environment, true).contexts.map(({ name }) => name)];
    case 'live':
      return listLiveNames(found, argv, environment);
    default:
      return found satisfies never;
  }
}

/** An answer that is late or refused is no answer: completion never disturbs. */
function withinTime(names: Promise<string[]>): Promise<string[]> {
  const late = new Promise<string[]>((resolve) => {
    setTimeout(() => resolve([]), WITHIN_MS).unref();
  });
  return Promise.race([names.catch(() => []), late]);
}

/** What an executor does with a word. */
export type Support =
  | { kind: 'yes' }
  /** The word has no effect there; the plan says so aloud. */
  | { kind: 'set-aside'; reason: string }
  /** The file is refused: ignoring the word would change what the stage may do. */
  | { kind: 'refused'; reason: string };

export type FileExecutor = 'docker' | 'process';

const YES: Support = { kind: 'yes' };

/** Words of a stage (`secret/file` is one inside another) whose support differs between executors; every other word works on both. */
export const WORD_SUPPORT: Readonly<Record<string, Readonly<Record<FileExecutor, Support>>>> = {
  image: {
    docker: YES,
    process: { kind: 'set-aside', reason: 'processes run on this machine, without an image' },
  },
  user: {
    docker: YES,
    process: { kind: 'refused', reason: 'a process runs as whoever started the run' },
  },
  resources: {
    docker: YES,
    process: { kind: 'refused', reason: 'limits of a process cannot be enforced' },
  },
  service: {
    docker: YES,
    process: { kind: 'refused', reason: 'a service is a container on a network that a process cannot join' },
  },
  platform: {
    docker: YES,
    process: { kind: 'refused', reason: 'a process is of the machine it runs on; runs-on chooses one' },
  },
  'secret/file': {
    docker: YES,
    process: { kind: 'refused', reason: 'the file would lie among those of this machine' },
  },
};

/** What an executor does with a word of a stage. */
export function supportOf(word: string, executor: FileExecutor): Support {
  return (Object.hasOwn(WORD_SUPPORT, word) ? WORD_SUPPORT[word] : undefined)?.[executor] ?? YES;
}

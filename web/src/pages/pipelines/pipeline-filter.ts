import { ENDINGS } from '#core/ending.ts';
import { STATUS_KINDS } from '#core/run.ts';
import { readTokens, type Token } from '../runs/tokens.ts';

/** What `GET pipelines` takes. */
export interface PipelineFilter {
  name?: string;
  /** How it stands: of its default branch, where it has one. */
  state?: string;
  /** Of the last run. */
  branch?: string;
  notState?: string[];
  notBranch?: string[];
  repository?: string;
  notRepository?: string[];
}

const STATES: readonly string[] = [...STATUS_KINDS, ...ENDINGS];

/**
 * Reads `shop status:failed !branch:"release 1"`: words are parts of the name, tokens are about its runs, `!` before
 * a token or its value is what it must not be (UI §4).
 */
export function readPipelineFilter(text: string) {
  const filter: PipelineFilter = {};
  const all = readTokens(text);
  const words = all.flatMap(({ text: token, key }) => (key === undefined ? [token] : []));
  const tokens = all.filter(({ key }) => key !== undefined);
  let problem: string | null = null;
  for (const token of tokens) problem ??= takeToken(filter, token);
  if (words.length > 0) filter.name = words.join(' ');
  return { filter, tokens: tokens.map((token) => token.text), problem };
}

const NAMES: Readonly<
  Record<string, readonly ['state' | 'branch' | 'repository', 'notState' | 'notBranch' | 'notRepository']>
> = {
  status: ['state', 'notState'],
  branch: ['branch', 'notBranch'],
  repo: ['repository', 'notRepository'],
};

function takeToken(filter: PipelineFilter, { text: token, key = '', value, isExcluded }: Token): string | null {
  if (value === '') return `${token} says no value`;
  const names = Object.hasOwn(NAMES, key) ? NAMES[key] : undefined;
  if (!names) return `nothing is called ${key}: here; known are status:, branch: and repo:`;
  if (key === 'status' && !STATES.includes(value)) return `no run is ${value}; ${STATES.join(', ')}`;
  const [one, many] = names;
  if (isExcluded) filter[many] = [...(filter[many] ?? []), value];
  else if (filter[one] !== undefined) return `${token}: a run has but one, and another stands before it`;
  else filter[one] = value;
  return null;
}

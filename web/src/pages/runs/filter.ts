import { isAuthor } from '#core/commit.ts';
import { ENDINGS } from '#core/ending.ts';
import type { RunObject } from '#core/rest.ts';
import { STATUS_KINDS } from '#core/run.ts';
import { readTokens, type Token } from './tokens.ts';

/** What `GET runs` takes. */
export interface RunFilter {
  pipeline?: string;
  status?: string;
  ending?: string;
  branch?: string;
  author?: string;
  repository?: string;
  number?: number;
  notState?: string[];
  notBranch?: string[];
  notAuthor?: string[];
  notPipeline?: string[];
  notRepository?: string[];
}

/** A filter as a person types it, and what is wrong with it. */
export interface ReadFilter {
  filter: RunFilter;
  /** Tokens as chips, in the order typed. */
  tokens: string[];
  problem: string | null;
}

const KNOWN = 'status: branch: repo: author: pipeline: and #number';
const EXCLUSIONS = {
  status: 'notState',
  branch: 'notBranch',
  author: 'notAuthor',
  pipeline: 'notPipeline',
  repo: 'notRepository',
} as const;
type Key = keyof typeof EXCLUSIONS;

/**
 * Reads `status:failed !branch:"release 1" author:ann shop-api #142`; a bare word is a pipeline's name, `!` before a
 * token or its value is what a run must not be (UI §4).
 */
export function readFilter(text: string): ReadFilter {
  const filter: RunFilter = {};
  const tokens = readTokens(text);
  let problem: string | null = null;
  for (const token of tokens) problem = problem ?? takeToken(filter, token);
  return { filter, tokens: tokens.map((token) => token.text), problem };
}

/** Adds a token to the filter, or says why not. */
function takeToken(filter: RunFilter, { text: token, key = 'pipeline', value, isExcluded }: Token): string | null {
  if (value === '') return `${token} says no value`;
  if (!isKey(key)) return `nothing is called ${key}: here; known are ${KNOWN}`;
  const isNumber = key === 'pipeline' && /^#\d+$/.test(value);
  if (isNumber && isExcluded) return `${token}: a number cannot be left out`;
  if (isNumber) return setOnce(filter, 'number', Number(value.slice(1)), token);
  if (key === 'status' && !isState(value)) return `no run is ${value}; ${STATES.join(', ')}`;
  if (isExcluded) {
    const name = EXCLUSIONS[key];
    filter[name] = [...(filter[name] ?? []), value];
    return null;
  }
  switch (key) {
    case 'status':
      return setOnce(filter, isEnding(value) ? 'ending' : 'status', value, token);
    case 'repo':
      return setOnce(filter, 'repository', value, token);
    case 'author':
    case 'branch':
    case 'pipeline':
      return setOnce(filter, key, value, token);
    default:
      return key satisfies never;
  }
}

function setOnce<Name extends keyof RunFilter>(
  filter: RunFilter,
  name: Name,
  value: NonNullable<RunFilter[Name]>,
  token: string,
): string | null {
  const isState = name === 'ending' || name === 'status';
  if (filter[name] !== undefined || (isState && (filter.ending ?? filter.status) !== undefined)) {
    return `${token}: a run has but one, and another stands before it`;
  }
  Object.assign(filter, { [name]: value });
  return null;
}

const STATES = [...STATUS_KINDS.filter((kind) => kind !== 'ended'), ...ENDINGS];

function isKey(key: string): key is Key {
  return Object.hasOwn(EXCLUSIONS, key);
}

function isEnding(value: string): boolean {
  return (ENDINGS as readonly string[]).includes(value);
}

function isState(value: string): boolean {
  return isEnding(value) || (STATUS_KINDS as readonly string[]).includes(value);
}

/** Whether the server would list the run: what changes is judged here, so that it need not be asked for each change. */
export function matches(filter: RunFilter, run: RunObject): boolean {
  const { status, ending, branch, author, repository, number, pipeline } = filter;
  const states = run.status.kind === 'ended' ? ['ended', run.status.ending] : [run.status.kind];
  const pipelines = [run.pipeline.id, run.pipeline.name];
  const isAll = (wanted: string | undefined, present: readonly (string | null)[]) =>
    wanted === undefined || present.includes(wanted);
  const isNone = (unwanted: readonly string[] | undefined, present: readonly (string | null)[]) =>
    !unwanted?.some((one) => present.includes(one));
  return (
    isAll(status, states) &&
    isAll(ending, states) &&
    isAll(branch, [run.branch]) &&
    (author === undefined || isBy(run, author)) &&
    isAll(pipeline, pipelines) &&
    (number === undefined || number === run.number) &&
    isNone(filter.notState, states) &&
    isNone(filter.notBranch, [run.branch]) &&
    !filter.notAuthor?.some((one) => isBy(run, one)) &&
    isNone(filter.notPipeline, pipelines) &&
    (repository === undefined || isOf(run, repository)) &&
    !filter.notRepository?.some((one) => isOf(run, one))
  );
}

/** Whoever wrote its commit, by name or address, or started it: `ann`, `token:ci`. */
function isBy({ git, startedBy }: RunObject, author: string): boolean {
  return [author, `user:${author}`].includes(startedBy) || isAuthor(git?.author ?? null, author);
}

/** The whole name, or an end of it: `shop` for `github.com/acme/shop`. */
function isOf({ pipeline }: RunObject, repository: string): boolean {
  return `/${pipeline.repository ?? ''}`.endsWith(`/${repository}`);
}

import { ENDINGS } from '#core/ending.ts';
import { STATUS_KINDS } from '#core/run.ts';

/** What `GET runs` takes. */
export interface RunFilter {
  pipeline?: string;
  status?: string;
  ending?: string;
  branch?: string;
  startedBy?: string;
  number?: number;
}

/** A filter as a person types it, and what is wrong with it. */
export interface ReadFilter {
  filter: RunFilter;
  /** Tokens as chips, in the order typed. */
  tokens: string[];
  problem: string | null;
}

const KNOWN = 'status: branch: author: pipeline: and #number';

/** Reads `status:failed branch:"release 1" author:ann shop-api #142`; a bare word is a pipeline's name. */
export function readFilter(text: string): ReadFilter {
  const filter: RunFilter = {};
  const tokens = [...text.matchAll(/(?:[^\s"]+:)?(?:"[^"]*"|\S+)/g)].map(([token]) => token);
  let problem: string | null = null;
  for (const token of tokens) {
    const [, key = '', written = ''] = /^(?:(\w+):)?(.*)$/.exec(token) ?? [];
    const value = written.replace(/^"(.*)"$/, '$1');
    if (value === '') problem ??= `${token} says no value`;
    else if (key === 'status') problem ??= setStatus(filter, value);
    else if (key === 'branch') filter.branch = value;
    else if (key === 'author') filter.startedBy = value.includes(':') ? value : `user:${value}`;
    else if (key === 'pipeline') filter.pipeline = value;
    else if (key !== '') problem ??= `nothing is called ${key}: here; known are ${KNOWN}`;
    else if (/^#\d+$/.test(value)) filter.number = Number(value.slice(1));
    else filter.pipeline = value;
  }
  return { filter, tokens, problem };
}

function setStatus(filter: RunFilter, value: string): string | null {
  if ((ENDINGS as readonly string[]).includes(value)) filter.ending = value;
  else if ((STATUS_KINDS as readonly string[]).includes(value)) filter.status = value;
  else return `no run is ${value}; ${[...STATUS_KINDS.filter((kind) => kind !== 'ended'), ...ENDINGS].join(', ')}`;
  return null;
}

/** The text without one of its tokens. */
export function withoutToken(text: string, token: string): string {
  return readFilter(text)
    .tokens.filter((one) => one !== token)
    .join(' ');
}

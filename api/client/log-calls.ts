import type { Readable } from 'node:stream';
import type { LogHit, LogHitCount, LogIndexObject, LogRowObject } from '#core/rest-logs.ts';
import { toQuery, type Http } from './http.ts';
import { readText } from './transport.ts';

/** What stages printed. */
export function logCalls({ get, transport }: Http) {
  const attemptPath = (reference: string, stage: string, attempt: number) =>
    `runs/${encodeURIComponent(reference)}/stages/${encodeURIComponent(stage)}/attempts/${attempt}`;
  const logPath = (reference: string, stage: string, attempt: number) =>
    `${attemptPath(reference, stage, attempt)}/log`;
  return {
    /** Rows from a line on, or the last ones; at most 256 KiB of them. */
    readLog: async (
      reference: string,
      stage: string,
      attempt: number,
      query: { from: number; limit: number } | { tail: number },
    ): Promise<LogRowObject[]> => {
      const path = `${logPath(reference, stage, attempt)}${toQuery(query)}`;
      return parseRows<LogRowObject>(await readText(await transport.send({ method: 'GET', path })));
    },
    /** The same of a service beside the attempt. */
    readServiceLog: async (
      reference: string,
      stage: string,
      attempt: number,
      service: string,
      query: { from: number; limit: number } | { tail: number },
    ): Promise<LogRowObject[]> => {
      const log = `services/${encodeURIComponent(service)}/log${toQuery(query)}`;
      const path = `${attemptPath(reference, stage, attempt)}/${log}`;
      return parseRows<LogRowObject>(await readText(await transport.send({ method: 'GET', path })));
    },
    readLogIndex: (reference: string, stage: string, attempt: number) =>
      get<LogIndexObject>(`${logPath(reference, stage, attempt)}/index`),
    /** The stored bytes from `from` on. */
    readRawLog: async (reference: string, stage: string, attempt: number, from = 0): Promise<Readable> =>
      transport.send({
        method: 'GET',
        path: `${logPath(reference, stage, attempt)}?format=raw`,
        ...(from > 0 ? { headers: { Range: `bytes=${from}-` } } : {}),
      }),
    /** Lines that hold `q` (any case), or match it as an RE2 pattern. At most 10,000 are listed, all are counted. */
    searchLog: async (
      reference: string,
      stage: string,
      attempt: number,
      query: { q: string; regex?: boolean; case?: boolean },
    ): Promise<LogHitCount & { hits: LogHit[] }> =>
      readHits(transport, `${logPath(reference, stage, attempt)}/search${toQuery(toFlags(query))}`),
    /** The same in the latest attempt of every stage of a run. */
    searchLogs: async (
      reference: string,
      query: { q: string; regex?: boolean; case?: boolean },
    ): Promise<LogHitCount & { hits: LogHit[] }> =>
      readHits(transport, `runs/${encodeURIComponent(reference)}/log-search${toQuery(toFlags(query))}`),
  };
}

function toFlags({ q, regex = false, case: isCaseSensitive = false }: { q: string; regex?: boolean; case?: boolean }) {
  return { q, regex, case: isCaseSensitive };
}

async function readHits(transport: Http['transport'], path: string): Promise<LogHitCount & { hits: LogHit[] }> {
  const rows = parseRows<LogHit | LogHitCount>(await readText(await transport.send({ method: 'GET', path })));
  const count = rows.pop();
  if (!count || !('total' in count)) throw new Error('the answer of a search was cut off');
  return { hits: rows.filter((row) => 'n' in row), ...count };
}

function parseRows<Row>(text: string): Row[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row]));
}

import type { Readable } from 'node:stream';
import { toQuery, type Http } from './http.ts';
import { readText } from './transport.ts';

/** Rows of a log: a line (`t` is ms since the attempt began), or a hole. */
export type ClientLogRow =
  | { n: number; t: number; text: string; partial?: true; cut?: number }
  | { gap: { bytes: number; fromAt: string; toAt: string; cause: string } };

export interface ClientLogIndex {
  lines: number;
  bytes: number;
  groups: {
    step: number;
    title: string;
    fromLine: number;
    fromByte: number;
    exitCode: number | null;
    durationMs: number | null;
  }[];
  gaps: { line: number; bytes: number; cause: string }[];
  digest: string | null;
  ended: boolean;
}

/** What stages printed. */
export function logCalls({ get, transport }: Http) {
  const logPath = (reference: string, stage: string, attempt: number) =>
    `runs/${encodeURIComponent(reference)}/stages/${encodeURIComponent(stage)}/attempts/${attempt}/log`;
  return {
    /** Rows from a line on, or the last ones; at most 256 KiB of them. */
    readLog: async (
      reference: string,
      stage: string,
      attempt: number,
      query: { from: number; limit: number } | { tail: number },
    ): Promise<ClientLogRow[]> => {
      const path = `${logPath(reference, stage, attempt)}${toQuery(query)}`;
      return parseRows<ClientLogRow>(await readText(await transport.send({ method: 'GET', path })));
    },
    readLogIndex: (reference: string, stage: string, attempt: number) =>
      get<ClientLogIndex>(`${logPath(reference, stage, attempt)}/index`),
    /** The stored bytes from `from` on. */
    readRawLog: async (reference: string, stage: string, attempt: number, from = 0): Promise<Readable> =>
      transport.send({
        method: 'GET',
        path: `${logPath(reference, stage, attempt)}?format=raw`,
        ...(from > 0 ? { headers: { Range: `bytes=${from}-` } } : {}),
      }),
    /** Lines that hold `q` (any case), or match it as an RE2 pattern. At most 1,000 are listed, all are counted. */
    searchLog: async (
      reference: string,
      stage: string,
      attempt: number,
      query: { q: string; regex?: boolean; case?: boolean },
    ): Promise<{ hits: { n: number; t: number; text: string }[]; total: number; capped: boolean }> => {
      const flags = { q: query.q, regex: query.regex ?? false, case: query.case ?? false };
      const path = `${logPath(reference, stage, attempt)}/search${toQuery(flags)}`;
      const rows = parseRows<{ n: number; t: number; text: string }>(
        await readText(await transport.send({ method: 'GET', path })),
      );
      const last = rows.pop() as unknown as { total: number; capped: boolean };
      return { hits: rows, ...last };
    },
  };
}

function parseRows<Row>(text: string): Row[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row]));
}

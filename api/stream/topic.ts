import { createHash } from 'node:crypto';
import { isId } from '#db/id.ts';
import { ProblemError } from '../problem.ts';

/**
 * What a stream can follow, and from where: a run's last `seq` held, a log's next line wanted, the position that a list
 * of a workspace came with.
 */
export type Topic = { name: string; position: number } & (
  | { kind: 'run'; runId: string }
  | { kind: 'log'; runId: string; stage: string; attempt: number }
  | { kind: 'runs' | 'pipelines'; workspace: string }
  | { kind: 'inbox' | 'health' }
);

/** Topics of one stream at most (UI §7). */
export const MAX_TOPICS = 64;

/** Reads `run:ID@412`, `log:ID/test/2@8812`, `runs:acme/shop@7001`. Throws 400 `topic-unknown`. */
export function parseTopic(text: string): Topic {
  const groups = /^(?<name>.*?)(?:@(?<position>\d{1,15}))?$/s.exec(text)?.groups;
  const name = groups?.['name'] ?? '';
  const position = groups?.['position'];
  const [, run] = /^run:(.*)$/s.exec(name) ?? [];
  if (run !== undefined && isId(run)) return { kind: 'run', name, runId: run, position: Number(position ?? 0) };
  const log = /^log:(?<run>[^/]+)\/(?<stage>.+)\/(?<attempt>\d{1,9})$/s.exec(name)?.groups;
  if (log && isId(log['run'] ?? '')) {
    return {
      kind: 'log',
      name,
      runId: log['run'] ?? '',
      stage: log['stage'] ?? '',
      attempt: Number(log['attempt']),
      position: Math.max(1, Number(position ?? 1)),
    };
  }
  const list = /^(?<kind>runs|pipelines):(?<workspace>[^/\s]+\/[^/\s]+)$/.exec(name)?.groups;
  if (list) {
    const kind = list['kind'] === 'runs' ? 'runs' : 'pipelines';
    return { kind, name, workspace: list['workspace'] ?? '', position: Number(position ?? 0) };
  }
  if (name === 'inbox' || name === 'health') return { kind: name, name, position: Number(position ?? 0) };
  throw new ProblemError(400, 'topic-unknown', `there is no topic ${text}`, {
    hint: 'topics are run:ID, log:ID/STAGE/ATTEMPT, runs:ORG/WS, pipelines:ORG/WS, each with @POSITION, inbox and health',
  });
}

/**
 * One text for the positions of all topics, the id of an event: at most 64 × 16 characters. A topic is known in it by a
 * short digest, so a cursor serves a stream with other topics too.
 */
export function writeCursor(places: readonly { digest: string; position: number }[]): string {
  return places.map(({ digest, position }) => `${digest}${position.toString(36)}`).join('.');
}

/** Positions in a cursor by the digest of their topic; what is unreadable is left out. */
export function readCursor(text: string): Map<string, number> {
  const parts = text.split('.').flatMap((part): [string, number][] => {
    const groups = /^(?<digest>[\w-]{5})(?<position>[0-9a-z]{1,9})$/.exec(part)?.groups;
    return groups ? [[groups['digest'] ?? '', Number.parseInt(groups['position'] ?? '0', 36)]] : [];
  });
  return new Map(parts);
}

export function digestName(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, 5);
}

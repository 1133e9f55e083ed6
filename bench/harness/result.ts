import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import type { Measures, System } from './workload.ts';

/** One sample. The floor's first of a round has place 0, its second the last place. */
export interface Sample {
  kind: 'sample';
  /** From 0 on; warm-ups are not kept. */
  round: number;
  place: number;
  system: string;
  /** Whether the machine was idle just before. */
  isIdle: boolean;
  measures: Measures;
}

/** A system that did not end well is left out of what follows. */
export interface Failure {
  kind: 'failure';
  round: number;
  system: string;
  message: string;
}

/** Everything one workload found: the lines of `bench/results/ID.jsonl`, header first. */
export interface Result {
  header: {
    kind: 'header';
    workload: string;
    title: string;
    /** Of the order in each round. */
    seed: number;
    /** What was asked for; a workload at its limit has fewer. */
    rounds: number;
    machine: Machine;
    systems: Pick<System, 'name' | 'role' | 'note'>[];
  };
  lines: (Sample | Failure)[];
}

const FOLDER = join(import.meta.dirname, '..', 'results');

export function formatResult({ header, lines }: Result): string {
  const round = (_key: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
  return [header, ...lines].map((line) => `${JSON.stringify(line, round)}\n`).join('');
}

/** Throws when the first line is no header. */
export function parseResult(text: string): Result {
  const [header, ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Result['header'] | Sample | Failure);
  if (header?.kind !== 'header') throw new Error('the first line of a result is its header');
  return { header, lines: lines.filter((line) => line.kind !== 'header') };
}

export function writeResult(result: Result): string {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${result.header.workload}.jsonl`);
  writeFileSync(path, formatResult(result));
  return path;
}

/** Those of all workloads that were ever run, by name, w2 before w10. */
export function readResults(): Result[] {
  mkdirSync(FOLDER, { recursive: true });
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted((left, right) => left.localeCompare(right, 'en', { numeric: true }))
    .map((name) => parseResult(readFileSync(join(FOLDER, name), 'utf8')));
}

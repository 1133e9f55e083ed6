import type { LogMark } from '#core/log-mark.ts';
import type { LogGroup, LogIndex } from './port.ts';
import { addSection, closeSections, describeSections, type KnownSection } from './sections.ts';

/** Something at a position of a log. `seq` is the flush that carried it. */
export type LogEvent = { seq: number; line: number; byte: number } & (
  | { kind: 'step-start'; step: number; title: string }
  | { kind: 'step-end'; step: number; exitCode: number; durationMs: number }
  | { kind: 'gap'; bytes: number; cause: string; fromAt: string; toAt: string }
  | LogMark
);

/** A gap stands in front of the line with this number (line feeds in front of it). */
export interface KnownGap {
  line: number;
  bytes: number;
  cause: string;
  fromAt: string;
  toAt: string;
}

export interface IndexSoFar {
  groups: LogGroup[];
  gaps: KnownGap[];
  /** Line feeds in front of each line that is an error. Logs written before lines were marked have none. */
  errors?: number[];
  sections?: KnownSection[];
}

export const EMPTY_INDEX: IndexSoFar = { groups: [], gaps: [] };

/** Errors kept: a reader walks them one by one. */
const MAX_ERRORS = 1_000;

/**
 * The index with the events added. A step that begins or ends a second time (a writer that
 * took over sees marks again) changes nothing; one that ends without a beginning (the mark
 * fell into a gap) begins where it ends.
 */
export function addEvents(index: IndexSoFar, events: readonly LogEvent[]): IndexSoFar {
  if (events.length === 0) return index;
  const groups = new Map(index.groups.map((group) => [group.step, group]));
  const gaps = [...index.gaps];
  const errors = [...(index.errors ?? [])];
  const sections = [...(index.sections ?? [])];
  for (const event of events) {
    switch (event.kind) {
      case 'step-start':
        if (groups.has(event.step)) break;
        groups.set(event.step, beginGroup(event, event.title));
        closeSections(sections, event.line);
        break;
      case 'step-end': {
        const group = groups.get(event.step) ?? beginGroup(event, '');
        if (group.exitCode !== null) break;
        groups.set(event.step, { ...group, exitCode: event.exitCode, durationMs: event.durationMs });
        break;
      }
      case 'gap': {
        const { line, bytes, cause, fromAt, toAt } = event;
        gaps.push({ line, bytes, cause, fromAt, toAt });
        break;
      }
      case 'error':
        if (errors.length < MAX_ERRORS) errors.push(event.line);
        break;
      case 'section-start':
      case 'section-next':
      case 'section-end':
        addSection(sections, event, event.line);
        break;
      default:
        event satisfies never;
    }
  }
  return { groups: [...groups.values()], gaps, errors, sections };
}

/** As readers see it: lines counted from 1. */
export function toLogIndex(index: IndexSoFar, facts: Pick<LogIndex, 'lines' | 'bytes' | 'digest' | 'ended'>): LogIndex {
  const gaps = index.gaps.map(({ line, ...gap }) => ({ line: line + 1, ...gap }));
  const errors = (index.errors ?? []).map((line) => line + 1);
  return { ...facts, groups: index.groups, sections: describeSections(index.sections ?? []), errors, gaps };
}

function beginGroup(event: LogEvent & { step: number }, title: string): LogGroup {
  return { step: event.step, title, fromLine: event.line + 1, fromByte: event.byte, exitCode: null, durationMs: null };
}

import type { LogMark } from '#core/log-mark.ts';
import type { LogSection } from './port.ts';

/** Lines count as line feeds in front of them; `to` is the first line that is no more in it, null while it is open. */
export interface KnownSection {
  title: string;
  from: number;
  to: number | null;
  depth: number;
  /** Ended by the next of its kind, not by an end of its own. */
  isLoose?: true;
}

/** Kept of one log; later ones are text. */
const MAX_SECTIONS = 1_000;
/** Deeper ones are counted, so that their ends are told apart, and not shown. */
const MAX_DEPTH = 3;

/** Adds what the mark in `line` begins or ends; `sections` is changed. */
export function addSection(sections: KnownSection[], mark: Exclude<LogMark, { kind: 'error' }>, line: number): void {
  switch (mark.kind) {
    case 'section-start':
      push(sections, { title: mark.title, from: line, to: null, depth: 0 });
      break;
    case 'section-next':
      closeLoose(sections, line);
      push(sections, { title: mark.title, from: line, to: null, depth: 0, isLoose: true });
      break;
    case 'section-end':
      if (!sections.some((section) => section.to === null && !section.isLoose)) break;
      closeLoose(sections, line);
      closeLast(sections, line + 1);
      break;
    default:
      mark satisfies never;
  }
}

/** A step ends all that its output began. */
export function closeSections(sections: KnownSection[], line: number): void {
  for (const [at, section] of sections.entries()) {
    if (section.to === null) sections[at] = { ...section, to: line };
  }
}

/** As readers see them: lines counted from 1. */
export function describeSections(sections: readonly KnownSection[]): LogSection[] {
  return sections
    .filter(({ depth, from, to }) => depth < MAX_DEPTH && (to === null || to > from))
    .map(({ title, from, to, depth }) => ({ title, fromLine: from + 1, toLine: to, depth }));
}

function push(sections: KnownSection[], section: KnownSection): void {
  if (sections.length >= MAX_SECTIONS) return;
  const depth = sections.filter(({ to }) => to === null).length;
  sections.push({ ...section, depth });
}

/** Closes the loose one on top, which has no end of its own. */
function closeLoose(sections: KnownSection[], line: number): void {
  if (sections.findLast(({ to }) => to === null)?.isLoose) closeLast(sections, line);
}

function closeLast(sections: KnownSection[], to: number): void {
  const at = sections.findLastIndex((section) => section.to === null);
  const last = sections[at];
  if (last) sections[at] = { ...last, to };
}

import {
  Circle,
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CircleOff,
  CirclePause,
  CircleSlash,
  CircleStop,
  CircleX,
  ClockAlert,
  Hand,
  Hourglass,
  LoaderCircle,
  RotateCw,
  ThumbsDown,
  TriangleAlert,
  Unplug,
  type LucideIcon,
} from 'lucide-react';
import { OctagonAlert } from './octagon-alert.ts';
import type { State } from './state.ts';

export type Hue = 'success' | 'error' | 'running' | 'warning' | 'fault' | 'time' | 'waiting' | 'neutral';

/** How a state looks: never told by its colour alone. */
export interface StatusLook {
  icon: LucideIcon;
  /** The figure is cut out of a filled shape. */
  isFilled?: true;
  /** It turns, where motion is wanted. */
  isTurning?: true;
  hue: Hue;
  outline: 'solid' | 'thick' | 'double' | 'dotted' | 'dashed';
  word: string;
  /** In the page's title, as in the terminal. */
  glyph: string;
}

/** Every state; a new one in `core` does not compile until it has a look (UI §2). */
export const STATUS_LOOKS: Record<State, StatusLook> = {
  passed: { icon: CircleCheck, hue: 'success', outline: 'solid', word: 'Passed', glyph: '✓' },
  'passed-with-warnings': {
    ...{ icon: TriangleAlert, hue: 'warning', outline: 'solid', glyph: '▲' },
    word: 'Passed with warnings',
  },
  'soft-failed': { icon: TriangleAlert, hue: 'warning', outline: 'solid', word: 'Soft-failed', glyph: '▲' },
  failed: { icon: CircleX, isFilled: true, hue: 'error', outline: 'thick', word: 'Failed', glyph: '✗' },
  errored: {
    icon: OctagonAlert,
    isFilled: true,
    hue: 'fault',
    outline: 'thick',
    word: 'Errored (platform)',
    glyph: '◆',
  },
  'timed-out': { icon: ClockAlert, hue: 'time', outline: 'solid', word: 'Timed out', glyph: '×' },
  cancelled: { icon: CircleSlash, hue: 'neutral', outline: 'solid', word: 'Cancelled', glyph: '⊘' },
  rejected: { icon: ThumbsDown, hue: 'error', outline: 'double', word: 'Rejected', glyph: '■' },
  skipped: { icon: CircleMinus, hue: 'neutral', outline: 'dotted', word: 'Skipped', glyph: '–' },
  'not-run': { icon: CircleOff, hue: 'neutral', outline: 'dotted', word: 'Not run', glyph: '□' },
  'waiting-needs': { icon: Circle, hue: 'neutral', outline: 'dashed', word: 'Waits', glyph: '·' },
  'waiting-decision': { icon: Hand, hue: 'warning', outline: 'double', word: 'Waits for approval', glyph: '!' },
  'waiting-turn': { icon: Hourglass, hue: 'waiting', outline: 'dashed', word: 'Waits', glyph: '~' },
  queued: { icon: CircleDashed, hue: 'neutral', outline: 'dashed', word: 'Queued', glyph: '○' },
  running: { icon: LoaderCircle, isTurning: true, hue: 'running', outline: 'solid', word: 'Running', glyph: '◐' },
  retrying: { icon: RotateCw, isTurning: true, hue: 'running', outline: 'solid', word: 'Running again', glyph: '↻' },
  cancelling: { icon: CircleStop, hue: 'neutral', outline: 'solid', word: 'Cancelling', glyph: '◑' },
  silent: { icon: Unplug, hue: 'fault', outline: 'solid', word: 'No sign of life', glyph: '?' },
  paused: { icon: CirclePause, hue: 'waiting', outline: 'dashed', word: 'Paused', glyph: '=' },
};

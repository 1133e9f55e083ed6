import type { LucideIcon } from 'lucide-react';
import type { State } from '../../ui/state.ts';

/** A row of the palette. */
export interface PaletteEntry {
  id: string;
  label: string;
  /** At the right: what it is, or where. */
  detail: string;
  icon: LucideIcon;
  state?: State;
  key?: string | null;
  /** Why it cannot be done now. */
  no?: string;
  /** A way somewhere, or an act. */
  does: { kind: 'go'; href: string } | { kind: 'act'; run(): void };
  /** What else can be done with it: Right shows them. */
  more?: readonly PaletteEntry[];
  /** What it stands for, where that has actions of its own: they are read when Right asks for them. */
  object?: { kind: 'run' | 'pipeline'; id: string };
}

export interface PaletteSection {
  title: string;
  entries: readonly PaletteEntry[];
}

import type { QueryClient } from '@tanstack/react-query';
import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import type { Can, CommandObject } from '#core/rest.ts';
import type { Guess } from '../data/optimistic.ts';

/** Whether it may be done; what may not be known of is hidden. */
export type Availability = 'yes' | { no: string } | 'hidden';

/** What the server said to it: done, or accepted and not decided yet. */
export type Receipt = { kind: 'done' } | { kind: 'command'; command: CommandObject };

/**
 * Something a person can do to an object: the one source of its button, menu entry, key, palette row and line in the
 * sheet of keys (UI §3).
 */
export type Action<Subject> = {
  /** `run.cancel` */
  id: string;
  label(subject: Subject): string;
  icon: LucideIcon;
  /** One letter, off in fields. No two of one page are the same. */
  key?: string;
  isDangerous?: true;
  availability(subject: Subject): Availability;
} & (
  | {
      kind: 'command';
      /** What will happen, in numbers: asked before. Without it the act needs no question. */
      effect?(subject: Subject): string;
      /** What has to be typed before. */
      typed?(subject: Subject): string;
      /** Said when the server has done it. */
      done(subject: Subject): string;
      optimistic?(queries: QueryClient, subject: Subject): Guess;
      /** `key`: of the request, so that a repetition acts once. */
      run(subject: Subject, key: string): Promise<Receipt>;
      /** Keys of queries that are asked anew when it is done. */
      refreshes?(subject: Subject): readonly (readonly unknown[])[];
    }
  /** Needs more than a yes: fields, a choice. */
  | { kind: 'dialog'; Dialog: ComponentType<{ subject: Subject; onClose(): void }> }
  /** Changes nothing on the server: copies, goes somewhere, changes the view. */
  | { kind: 'local'; act(subject: Subject): void }
);

/** What the server says of a right, as an availability. */
export function availableIf(can: Can): Availability {
  return can === true ? 'yes' : { no: can.no };
}

/** Ties actions to their subject, so that lists of different kinds are of one type. */
export interface BoundAction {
  id: string;
  label: string;
  icon: LucideIcon;
  key: string | null;
  isDangerous: boolean;
  availability: Exclude<Availability, 'hidden'>;
  run(): void;
}

export type ActionRunner = <Subject>(action: Action<Subject>, subject: Subject) => void;

/** Actions of a subject that may be shown. */
export function bindActions<Subject>(
  actions: readonly Action<Subject>[],
  subject: Subject,
  runner: ActionRunner,
): BoundAction[] {
  return actions.flatMap((action) => {
    const availability = action.availability(subject);
    if (availability === 'hidden') return [];
    const { id, icon, key = null, isDangerous = false } = action;
    return [
      { id, icon, key, isDangerous, availability, label: action.label(subject), run: () => runner(action, subject) },
    ];
  });
}

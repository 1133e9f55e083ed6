import { useQueryClient } from '@tanstack/react-query';
import { createContext, Suspense, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import { createKey } from '../data/create-key.ts';
import { useConnection } from '../data/stream.ts';
import { Confirm } from '../ui/confirm.tsx';
import { describeFailure, problemOf } from '../ui/describe-failure.ts';
import { showToast } from '../ui/toast.tsx';
import type { Action, ActionRunner } from './action.ts';
import { loadDialogs } from './dialog-later.ts';
import { settle } from './run-command.ts';

interface Runner {
  run: ActionRunner;
  /** `id` of the action with that of its subject, while the server is at it. */
  busy: ReadonlySet<string>;
}

const DIALOGS_AFTER_MS = 1_000;

const RunnerContext = createContext<Runner | null>(null);

/** Something that is asked or filled in before it is done. */
interface Asked {
  action: Action<unknown>;
  subject: unknown;
  /** The same for every try of one wish. */
  key: string;
}

/** Runs actions for all that is inside: asks before, shows that it is under way, tells how it came out. */
export function ActionRunnerProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const connection = useConnection();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const shown = useRef<Asked | null>(null);
  shown.current = asked;

  useEffect(() => {
    // After the page's own requests.
    const timer = setTimeout(() => void loadDialogs(), DIALOGS_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const act = async (wish: Asked) => {
    const { action, subject, key } = wish;
    if (action.kind !== 'command') return;
    const name = nameOf(action, subject);
    if (busy.has(name)) return;
    setBusy((names) => new Set(names).add(name));
    const guess = action.optimistic?.(queries, subject);
    try {
      const receipt = await action.run(subject, key);
      guess?.keep();
      await settle(receipt);
      showToast({ kind: 'done', text: action.done(subject) });
      // Meanwhile another question may stand there.
      setAsked((now) => (now === wish ? null : now));
    } catch (error) {
      guess?.undo();
      // The question is still there: it shows the refusal itself.
      if (shown.current === wish) return setProblem(error);
      const { title, hint } = describeFailure(error);
      showToast({
        ...{ kind: 'error', text: `${action.label(subject)}: ${title}`, hint },
        // With the same key: what the server has done meanwhile is not done twice.
        ...(isUnanswered(error) ? { act: { label: 'Try again', run: () => void act(wish) } } : {}),
      });
    } finally {
      for (const queryKey of action.refreshes?.(subject) ?? []) void queries.invalidateQueries({ queryKey });
      setBusy((names) => new Set([...names].filter((one) => one !== name)));
    }
  };
  const run: ActionRunner = (typed, subject) => {
    const action = typed as Action<unknown>;
    const availability = action.availability(subject);
    if (availability === 'hidden') return;
    if (availability !== 'yes') return showToast({ kind: 'error', text: availability.no });
    if (action.kind === 'local') return action.act(subject);
    if (!connection.isOnline) return showToast({ kind: 'error', text: `${action.label(subject)} needs a connection` });
    const wish: Asked = { action, subject, key: createKey() };
    setProblem(null);
    if (action.kind === 'dialog' || action.effect) return setAsked(wish);
    void act(wish);
  };
  const close = () => setAsked(null);
  return (
    <RunnerContext.Provider value={{ run, busy }}>
      {children}
      {asked?.action.kind === 'dialog' ? (
        <Suspense fallback={null}>
          <asked.action.Dialog subject={asked.subject} onClose={close} />
        </Suspense>
      ) : null}
      {asked?.action.kind === 'command' ? (
        <Confirm
          title={asked.action.label(asked.subject)}
          effect={asked.action.effect?.(asked.subject)}
          verb={asked.action.label(asked.subject)}
          {...(asked.action.isDangerous ? { isDangerous: true } : {})}
          {...(asked.action.typed ? { typed: asked.action.typed(asked.subject) } : {})}
          isBusy={busy.has(nameOf(asked.action, asked.subject))}
          problem={problem}
          onConfirm={() => void act(asked)}
          onClose={close}
        />
      ) : null}
    </RunnerContext.Provider>
  );
}

export function useActionRunner(): Runner {
  const runner = useContext(RunnerContext);
  if (!runner) throw new Error('actions run inside the shell alone');
  return runner;
}

/** Nobody knows whether it was done. */
function isUnanswered(thrown: unknown): boolean {
  return ['no-answer', 'not-reached'].includes(problemOf(thrown)?.code ?? '');
}

/** One action under way is told from the same on another object. */
export function nameOf(action: Pick<Action<unknown>, 'id'>, subject: unknown): string {
  const id = typeof subject === 'object' && subject !== null && 'id' in subject ? String(subject.id) : '';
  return `${action.id} ${id}`;
}

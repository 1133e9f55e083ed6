import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { settle, toReceipt } from '../../../actions/run-command.ts';
import { type Answered, createWish, type Wish as Key } from '../../../data/http.ts';
import { problemOf } from '../../../ui/describe-failure.ts';

interface Wish {
  isBusy: boolean;
  /** Why the last try was refused. */
  problem: unknown;
  /** Sends once; a second press while it is under way does nothing. `ask` gets the key of the wish. */
  send<Body>(ask: (key: Key) => Promise<Answered<Body>>, onDone: (body: Body) => void): void;
}

/** Statuses of a refusal by the workflow (UI §9). */
const VERDICTS = new Set([403, 409, 422]);

/** One wish of a dialog: the same key until it is answered, the verdict waited for, a refusal kept for the dialog to show. */
export function useWish(refreshes: readonly (readonly unknown[])[] = []): Wish {
  const queries = useQueryClient();
  const [wish, setWish] = useState(createWish);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  return {
    isBusy,
    problem,
    send(ask, onDone) {
      if (isBusy) return;
      setBusy(true);
      setProblem(null);
      void (async () => {
        let isAccepted = false;
        try {
          const answer = await ask(wish);
          isAccepted = true;
          await settle(toReceipt(answer));
          setWish(createWish);
          onDone(answer.body);
        } catch (error) {
          setProblem(error);
          // A refusing verdict would come again for its key; one that was lost is asked for with the same.
          if (isAccepted && VERDICTS.has(problemOf(error)?.status ?? 0)) setWish(createWish);
        } finally {
          setBusy(false);
          for (const queryKey of refreshes) void queries.invalidateQueries({ queryKey });
        }
      })();
    },
  };
}

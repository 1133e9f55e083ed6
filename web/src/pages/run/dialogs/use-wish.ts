import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { settle, toReceipt } from '../../../actions/run-command.ts';
import { type Answered, createWish, type Wish as Key } from '../../../data/http.ts';

interface Wish {
  isBusy: boolean;
  /** Why the last try was refused. */
  problem: unknown;
  /** Sends once; a second press while it is under way does nothing. `ask` gets the key of the wish. */
  send<Body>(ask: (key: Key) => Promise<Answered<Body>>, onDone: (body: Body) => void): void;
}

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
        try {
          const answer = await ask(wish);
          // The answer is here: asked once more, also after a refusing verdict, it is another wish.
          setWish(createWish);
          await settle(toReceipt(answer));
          onDone(answer.body);
        } catch (error) {
          setProblem(error);
        } finally {
          setBusy(false);
          for (const queryKey of refreshes) void queries.invalidateQueries({ queryKey });
        }
      })();
    },
  };
}

import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { settle, toReceipt } from '../../../actions/run-command.ts';
import { type Answered, createKey } from '../../../data/http.ts';

interface Wish {
  isBusy: boolean;
  /** Why the last try was refused. */
  problem: unknown;
  /** Sends once; a second press while it is under way does nothing. `ask` gets the key of the wish. */
  send<Body>(ask: (key: string) => Promise<Answered<Body>>, onDone: (body: Body) => void): void;
}

/** One wish of a dialog: the same key for every try, the verdict waited for, a refusal kept for the dialog to show. */
export function useWish(refreshes: readonly (readonly unknown[])[] = []): Wish {
  const queries = useQueryClient();
  const key = useRef(createKey());
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
          const answer = await ask(key.current);
          await settle(toReceipt(answer));
          onDone(answer.body);
        } catch (error) {
          setProblem(error);
          // What was refused may be asked for in another way: that is another wish.
          key.current = createKey();
        } finally {
          setBusy(false);
          for (const queryKey of refreshes) void queries.invalidateQueries({ queryKey });
        }
      })();
    },
  };
}

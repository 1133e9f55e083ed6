import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createWish, type Wish } from './http.ts';

/** What is being sent of a form. */
export interface Form {
  isBusy: boolean;
  /** Why the last try was refused; null before. */
  problem: unknown;
  submit(): void;
}

/** A form on its way: pressed twice it acts once, and a refusal leaves what was typed. */
export function useSubmit(send: (key: Wish) => Promise<void>, refreshes: readonly string[] = []): Form {
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [wish, setWish] = useState(createWish);
  const submit = async () => {
    if (isBusy) return;
    setBusy(true);
    setProblem(null);
    try {
      await send(wish);
      // What is done may be wanted once more.
      setWish(createWish);
      for (const path of refreshes) await queries.invalidateQueries({ queryKey: ['list', path] });
    } catch (thrown) {
      setProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, submit: () => void submit() };
}

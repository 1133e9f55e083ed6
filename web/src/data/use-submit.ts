import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createKey } from './http.ts';

/** A form on its way: pressed twice it acts once, and a refusal leaves what was typed. */
export function useSubmit(send: (key: string) => Promise<void>, refreshes: readonly string[] = []) {
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [key, setKey] = useState(createKey);
  const submit = async () => {
    if (isBusy) return;
    setBusy(true);
    setProblem(null);
    try {
      await send(key);
      for (const path of refreshes) await queries.invalidateQueries({ queryKey: ['list', path] });
    } catch (thrown) {
      setProblem(thrown);
      // What is corrected is another wish.
      setKey(createKey());
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, submit: () => void submit() };
}

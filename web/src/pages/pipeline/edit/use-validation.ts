import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ValidationObject } from '#core/rest-pipelines.ts';
import { write } from '../../../data/http.ts';

const CALM_MS = 250;

/** What the compiler says of a text, a moment after it was last touched. The last answer stays until there is a new one. */
export function useValidation(name: string, text: string) {
  const [calm, setCalm] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(text), CALM_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const query = useQuery({
    queryKey: ['validate', name, calm],
    queryFn: async ({ signal }) =>
      (await write<ValidationObject>('POST', 'pipelines/validate', { name, text: calm }, { signal })).body,
    placeholderData: (old) => old,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  return { ...query, isOfThis: calm === text && !query.isPlaceholderData && query.data !== undefined };
}

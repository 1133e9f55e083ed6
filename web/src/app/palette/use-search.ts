import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { SearchHit } from '#core/rest-inbox.ts';
import type { PipelineObject } from '#core/rest-pipelines.ts';
import type { Page } from '#core/rest.ts';
import { get } from '../../data/http.ts';

const SETTLE_MS = 120;
const MOST_PIPELINES = 200;

/** What the server finds for a text, a moment after the last key; `isAsking` while that is still to come. */
export function useServerHits(text: string): { hits: readonly SearchHit[]; isAsking: boolean } {
  const wanted = text.trim();
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(wanted), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  const { data, isFetching } = useQuery({
    queryKey: ['search', settled],
    queryFn: ({ signal }) => get<Page<SearchHit>>('search', { q: settled }, signal),
    enabled: settled !== '',
    staleTime: 30_000,
  });
  const hits = settled === '' || wanted === '' ? [] : (data?.items ?? []);
  return { hits, isAsking: wanted !== '' && (wanted !== settled || isFetching) };
}

/** The newest pipelines of a workspace, kept so that most names are found without asking. */
export function useKnownPipelines(workspace: string | null): readonly PipelineObject[] {
  const { data } = useQuery({
    queryKey: ['palette', 'pipelines', workspace],
    queryFn: ({ signal }) => get<Page<PipelineObject>>('pipelines', { workspace, limit: MOST_PIPELINES }, signal),
    enabled: workspace !== null,
    staleTime: 60_000,
  });
  return data?.items ?? [];
}

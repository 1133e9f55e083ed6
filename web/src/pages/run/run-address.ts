import { useMemo } from 'react';
import { useLocation, useParams, useSearchParams } from 'wouter';

export const VIEWS = ['log', 'graph', 'timeline', 'table'] as const;
export type View = (typeof VIEWS)[number];

export const TABS = ['artifacts', 'tests', 'approvals', 'notes', 'events', 'plan'] as const;
export type TabName = (typeof TABS)[number];

/** What of a run is shown: all of it stands in the address (UI §1.5). */
export interface RunAddress {
  pipeline: string;
  /** `142`, `142.2` */
  number: string;
  /** Stage, leg or gate that is open. */
  stage: string | null;
  view: View;
  /** Stands before the view. */
  tab: TabName | null;
  /** Of the stage; null is the last. */
  attempt: number | null;
}

export interface RunPlace extends RunAddress {
  /** Of another part of the same run; what is not said stays. */
  hrefOf(change: Partial<RunAddress>): string;
  go(change: Partial<RunAddress>): void;
  /** Goes to an address of {@link hrefOf} with something behind it, as a line. */
  open(href: string): void;
}

/** The address of the run page, read and written. `base` is that of the workspace: `/acme/shop`. */
export function useRunPlace(base: string): RunPlace {
  const params = useParams();
  const [search] = useSearchParams();
  const [, navigate] = useLocation();
  const text = search.toString();
  const { pipeline = '', number = '' } = params;
  // One route for the run and its stages, so that opening a stage does not build the page anew.
  const stage = /^stages\/(.+)$/.exec(params['*'] ?? '')?.[1];
  return useMemo(() => {
    const now: RunAddress = {
      ...{ pipeline: decode(pipeline), number, stage: stage === undefined ? null : decode(stage) },
      ...readSearch(new URLSearchParams(text)),
    };
    const hrefOf = (change: Partial<RunAddress>) =>
      writeAddress(base, { ...now, ...change }, new URLSearchParams(text));
    return { ...now, hrefOf, go: (change) => navigate(hrefOf(change)), open: (href) => navigate(href) };
  }, [base, pipeline, number, stage, text, navigate]);
}

export function readSearch(search: URLSearchParams): Pick<RunAddress, 'view' | 'tab' | 'attempt'> {
  const attempt = Number(search.get('attempt'));
  return {
    view: VIEWS.find((view) => view === search.get('view')) ?? 'log',
    tab: TABS.find((tab) => tab === search.get('tab')) ?? null,
    attempt: Number.isInteger(attempt) && attempt > 0 ? attempt : null,
  };
}

/** `others`: what else stands in the search, as how a log is looked at; it stays. */
export function writeAddress(base: string, address: RunAddress, others = new URLSearchParams()): string {
  const { pipeline, number, stage, view, tab, attempt } = address;
  const search = new URLSearchParams(others);
  const set = (name: string, value: string | null) => (value === null ? search.delete(name) : search.set(name, value));
  set('view', view === 'log' ? null : view);
  set('tab', tab);
  set('attempt', attempt === null ? null : String(attempt));
  const path = `${base}/pipelines/${encodeURIComponent(pipeline)}/runs/${number}`;
  const text = search.toString();
  return `${path}${stage === null ? '' : `/stages/${encodeURIComponent(stage)}`}${text && `?${text}`}`;
}

/** The router decodes all but the reserved characters; a name with a sign that does not decode is as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

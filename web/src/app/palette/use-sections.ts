import {
  BookOpen,
  Copy,
  ExternalLink,
  History,
  Keyboard,
  Layers,
  Monitor,
  Moon,
  Pin,
  Play,
  Plus,
  Search,
  Sun,
  UserRound,
  Workflow,
} from 'lucide-react';
import type { SearchHit } from '#core/rest-inbox.ts';
import type { MeObject } from '#core/rest-sign-in.ts';
import type { ActionRunner } from '../../actions/action.ts';
import { createPipeline } from '../../actions/create-pipeline.ts';
import { useShownActions } from '../../actions/page-actions.tsx';
import { useActionRunner } from '../../actions/runner.tsx';
import { serverNow } from '../../ui/moment.tsx';
import { stateOf } from '../../ui/state.ts';
import { listAreas } from '../areas.ts';
import { copyLink, copyLinkTo } from '../copy-link.ts';
import { openKeySheet } from '../key-sheet-state.ts';
import { usePins } from '../pins.ts';
import { useNearestPlace, usePlace, type Place } from '../place.ts';
import { writePreference } from '../preferences.ts';
import { hasPage, listLabelledPages } from '../routes.ts';
import type { PaletteEntry, PaletteSection } from './entry.ts';
import { sortByRank } from './match.ts';
import { listVisits } from './recent.ts';
import { useKnownPipelines, useServerHits } from './use-search.ts';

const MOST_SHOWN = 20;

/**
 * What the palette shows for a text. `>` is acts alone, `:` settings, `#` runs by number, `@` people and teams. What is
 * known here comes first and at once; what the server finds stands below it, so that nothing moves when it comes.
 */
export function useSections(me: MeObject, text: string): { sections: PaletteSection[]; isAsking: boolean } {
  const place = useNearestPlace();
  const here = usePlace();
  const { run: runner } = useActionRunner();
  const actions = useShownActions().map(({ id, label, icon, key, availability, run }): PaletteEntry => ({
    ...{ id, label, icon, key, detail: 'This page', does: { kind: 'act', run } },
    ...(availability === 'yes' ? {} : { no: availability.no }),
  }));
  const mode = /^[>:#@]/.exec(text)?.[0] ?? '';
  const typed = text.slice(mode.length).trim();
  const pipelines = useKnownPipelines(place?.path ?? null);
  const pins = usePins();
  const asked = mode === '@' && typed !== '' ? `@${typed}` : mode === '' || mode === '#' ? typed : '';
  const { hits, isAsking } = useServerHits(asked);

  const visits = listVisits();
  const usedAt = ({ does }: PaletteEntry) =>
    (does.kind === 'go' && visits.find(({ href }) => href === does.href)?.at) || 0;
  const pick = (entries: readonly PaletteEntry[]) =>
    sortByRank(typed, entries, ({ label }) => label, usedAt).slice(0, MOST_SHOWN);
  const answer = (...sections: PaletteSection[]) => ({
    sections: sections.filter(({ entries }) => entries.length > 0),
    isAsking,
  });
  const acts = [...actions, ...EVERYWHERE];
  if (mode === '>') return answer({ title: 'Actions', entries: pick(acts) });
  const settings = listLabelledPages(place?.base ?? null, place?.organization ?? null, me.isOperator).map(toPageEntry);
  if (mode === ':') return answer({ title: 'Settings', entries: pick(settings) });
  const found = hits.flatMap((hit) => (hasPage(pathOf(hit.url)) ? [toHitEntry(hit)] : []));
  if (mode === '@') return answer({ title: 'People and teams', entries: found });
  if (mode === '#') return answer({ title: 'Runs', entries: found.filter(({ object }) => object?.kind === 'run') });
  const areas = listAreas(me, place).map(({ label, icon, href, key }) => toGo(href, label, 'Page', icon, `g ${key}`));
  const pinned = pins.map(({ href, label, detail }) => toGo(href, label, detail, Pin));
  if (typed === '') {
    const others = visits.filter(({ href }) => !pins.some((pin) => pin.href === href));
    return answer(
      { title: 'This page', entries: actions },
      { title: 'Pinned', entries: pinned },
      { title: 'Recent', entries: others.map(toVisitEntry) },
      { title: 'Go to', entries: areas },
      { title: 'Everywhere', entries: EVERYWHERE },
    );
  }
  const local = distinct(
    pick([
      ...acts,
      ...areas,
      ...pipelines.map((pipeline) => toPipelineEntry(place, pipeline)),
      ...settings,
      ...pinned,
      ...visits.map(toVisitEntry),
    ]),
  );
  const known = new Set(local.map(({ id }) => id));
  const others = found.filter(({ id }) => !known.has(id));
  if (local.length === 0 && others.length === 0) {
    return answer({ title: 'Nothing fits', entries: isAsking ? [] : suggest(place, here, typed, runner) });
  }
  return answer({ title: 'Best fits', entries: local }, { title: 'Found on the server', entries: others });
}

const EVERYWHERE: readonly PaletteEntry[] = [
  toAct('copy-link', 'Copy the link', Copy, copyLink, 'y'),
  toAct('keys', 'Keys and help', Keyboard, openKeySheet, '?'),
  // A page of the server itself.
  toAct('api-docs', 'Docs: every route of the API', BookOpen, () => location.assign('/api/docs')),
  toAct('theme-dark', 'Theme: dark', Moon, () => writePreference('theme', 'dark')),
  toAct('theme-light', 'Theme: light', Sun, () => writePreference('theme', 'light')),
  toAct('theme-system', 'Theme: as the system', Monitor, () => writePreference('theme', 'system')),
];

function toAct(id: string, label: string, icon: PaletteEntry['icon'], run: () => void, key?: string): PaletteEntry {
  return { id, label, icon, detail: 'Action', key: key ?? null, does: { kind: 'act', run } };
}

function toGo(href: string, label: string, detail: string, icon: PaletteEntry['icon'], key: string | null = null) {
  return { id: `go ${href}`, label, detail, icon, key, does: { kind: 'go', href }, more: listMore(href) } as const;
}

function toPageEntry({ href, label }: { href: string; label: string }): PaletteEntry {
  return toGo(href, label, 'Settings', Layers);
}

function toVisitEntry({ href, label, detail }: { href: string; label: string; detail: string }): PaletteEntry {
  return toGo(href, label, detail, History);
}

function toPipelineEntry(place: Place | null, pipeline: { id: string; name: string; version: number }): PaletteEntry {
  const href = `${place?.base}/pipelines/${encodeURIComponent(pipeline.version === 0 ? pipeline.id : pipeline.name)}`;
  const trigger =
    place?.may('run:trigger') && pipeline.version > 0 && hasPage('/:org/:workspace/pipelines/:pipeline')
      ? [{ ...toGo(`${href}?trigger`, `Trigger ${pipeline.name}…`, 'Action', Play), more: [] }]
      : [];
  const entry = toGo(href, pipeline.name, 'Pipeline', Workflow);
  return { ...entry, more: [...trigger, ...entry.more], object: { kind: 'pipeline', id: pipeline.id } };
}

const KINDS: Record<SearchHit['kind'], string> = {
  ...{ pipeline: 'Pipeline', run: 'Run', environment: 'Environment', person: 'Person', team: 'Team' },
};

function pathOf(url: string): string {
  return url.replace(/\?.*$/, '');
}

function toHitEntry({ kind, id, name, workspace, url, status }: SearchHit): PaletteEntry {
  const entry = toGo(url, name, `${KINDS[kind]} · ${workspace}`, kind === 'person' ? UserRound : Search);
  return {
    ...entry,
    ...(status ? { state: stateOf(status, 'run', serverNow()) } : {}),
    ...(kind === 'run' || kind === 'pipeline' ? { object: { kind, id } } : {}),
  };
}

function listMore(href: string): PaletteEntry[] {
  const address = new URL(href, location.href).href;
  return [
    { id: `open ${href}`, label: 'Open', detail: '', icon: Search, does: { kind: 'go', href } },
    toAct(`tab ${href}`, 'Open in a new tab', ExternalLink, () => void window.open(address, '_blank', 'noopener')),
    toAct(`copy ${href}`, 'Copy its link', Copy, () => copyLinkTo(address)),
  ];
}

/** Where nothing has the name: to make it, where one may, or to look further. */
function suggest(place: Place | null, here: Place | null, typed: string, runner: ActionRunner): PaletteEntry[] {
  if (!place) return [];
  const text = encodeURIComponent(typed);
  const subject = { id: typed, name: typed };
  const create = toAct('create-pipeline', `Create the pipeline “${typed}”…`, Plus, () =>
    runner(createPipeline, subject),
  );
  return [
    // The dialog makes it where the address is.
    ...(here?.may('pipeline:write') ? [create] : []),
    toGo(`${place.base}/pipelines?q=${text}`, `Search the pipelines for “${typed}”`, 'Page', Search),
    toGo(`${place.base}/runs?q=${text}`, `Search the runs for “${typed}”`, 'Page', Search),
  ];
}

function distinct(entries: readonly PaletteEntry[]): PaletteEntry[] {
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()];
}

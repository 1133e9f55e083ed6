import {
  Copy,
  ExternalLink,
  History,
  Keyboard,
  Layers,
  Monitor,
  Moon,
  Play,
  Search,
  Sun,
  Workflow,
} from 'lucide-react';
import type { SearchHit } from '#core/rest-inbox.ts';
import type { MeObject } from '#core/rest-sign-in.ts';
import { useShownActions } from '../../actions/page-actions.tsx';
import { serverNow } from '../../ui/moment.tsx';
import { stateOf } from '../../ui/state.ts';
import { listAreas } from '../areas.ts';
import { copyLink } from '../copy-link.ts';
import { openKeySheet } from '../key-sheet-state.ts';
import { useNearestPlace, type Place } from '../place.ts';
import { writePreference } from '../preferences.ts';
import { hasPage, listLabelledPages } from '../routes.ts';
import type { PaletteEntry, PaletteSection } from './entry.ts';
import { sortByRank } from './match.ts';
import { listVisits } from './recent.ts';
import { useKnownPipelines, useServerHits } from './use-search.ts';

const MOST_SHOWN = 20;

/**
 * What the palette shows for a text. `>` is acts alone, `:` settings, `#` runs by number. What is known here comes first
 * and at once; what the server finds stands below it, so that nothing moves when it comes.
 */
export function useSections(me: MeObject, text: string): PaletteSection[] {
  const place = useNearestPlace();
  const actions = useShownActions().map(({ id, label, icon, key, availability, run }): PaletteEntry => ({
    ...{ id, label, icon, key, detail: 'This page', does: { kind: 'act', run } },
    ...(availability === 'yes' ? {} : { no: availability.no }),
  }));
  const mode = /^[>:#]/.exec(text)?.[0] ?? '';
  const typed = text.slice(mode.length).trim();
  const pipelines = useKnownPipelines(place?.path ?? null);
  const hits = useServerHits(mode === '' || mode === '#' ? typed : '');

  const visits = listVisits();
  const usedAt = ({ does }: PaletteEntry) =>
    (does.kind === 'go' && visits.find(({ href }) => href === does.href)?.at) || 0;
  const pick = (entries: readonly PaletteEntry[]) =>
    sortByRank(typed, entries, ({ label }) => label, usedAt).slice(0, MOST_SHOWN);
  const acts = [...actions, ...EVERYWHERE];
  if (mode === '>') return keepFilled([{ title: 'Actions', entries: pick(acts) }]);
  const settings = listLabelledPages(place?.base ?? null, place?.organization ?? null, me.isOperator).map(toPageEntry);
  if (mode === ':') return keepFilled([{ title: 'Settings', entries: pick(settings) }]);
  const found: PaletteSection = { title: 'Found on the server', entries: hits.map(toHitEntry) };
  if (mode === '#')
    return keepFilled([{ title: 'Runs', entries: found.entries.filter(({ detail }) => detail === 'Run') }]);
  if (typed === '') {
    return keepFilled([
      { title: 'This page', entries: actions },
      { title: 'Recent', entries: visits.map(toVisitEntry) },
      {
        title: 'Go to',
        entries: listAreas(me, place).map(({ label, icon, href, key }) => toGo(href, label, 'Page', icon, `g ${key}`)),
      },
      { title: 'Everywhere', entries: EVERYWHERE },
    ]);
  }
  const local = pick([
    ...acts,
    ...listAreas(me, place).map(({ label, icon, href, key }) => toGo(href, label, 'Page', icon, `g ${key}`)),
    ...pipelines.map((pipeline) => toPipelineEntry(place, pipeline)),
    ...settings,
    ...visits.map(toVisitEntry),
  ]);
  const known = new Set(local.flatMap(({ does }) => (does.kind === 'go' ? [does.href] : [])));
  const others = found.entries.filter(({ does }) => does.kind !== 'go' || !known.has(does.href));
  const sections = keepFilled([
    { title: 'Best fits', entries: distinct(local) },
    { ...found, entries: others },
  ]);
  return sections.length > 0 ? sections : keepFilled([{ title: 'Nothing fits', entries: suggest(place, typed) }]);
}

const EVERYWHERE: readonly PaletteEntry[] = [
  toAct('copy-link', 'Copy the link', Copy, copyLink, 'y'),
  toAct('keys', 'Keys and help', Keyboard, openKeySheet, '?'),
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
  return { ...entry, more: [...trigger, ...entry.more] };
}

const KINDS: Record<SearchHit['kind'], string> = { pipeline: 'Pipeline', run: 'Run', environment: 'Environment' };

function toHitEntry({ kind, name, url, status }: SearchHit): PaletteEntry {
  const entry: PaletteEntry = toGo(url, name, KINDS[kind], Search);
  return status ? { ...entry, state: stateOf(status, 'run', serverNow()) } : entry;
}

function listMore(href: string): PaletteEntry[] {
  const address = new URL(href, location.href).href;
  return [
    { id: `open ${href}`, label: 'Open', detail: '', icon: Search, does: { kind: 'go', href } },
    toAct(`tab ${href}`, 'Open in a new tab', ExternalLink, () => void window.open(address, '_blank', 'noopener')),
    toAct(`copy ${href}`, 'Copy its link', Copy, () => void navigator.clipboard.writeText(address)),
  ];
}

function suggest(place: Place | null, typed: string): PaletteEntry[] {
  if (!place) return [];
  const text = encodeURIComponent(typed);
  return [
    ...(hasPage('/:org/:workspace/pipelines')
      ? [toGo(`${place.base}/pipelines?name=${text}`, `Search the pipelines for “${typed}”`, 'Page', Search)]
      : []),
    ...(hasPage('/:org/:workspace/runs')
      ? [toGo(`${place.base}/runs?q=${text}`, `Search the runs for “${typed}”`, 'Page', Search)]
      : []),
  ];
}

function keepFilled(sections: PaletteSection[]): PaletteSection[] {
  return sections.filter(({ entries }) => entries.length > 0);
}

function distinct(entries: readonly PaletteEntry[]): PaletteEntry[] {
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()];
}

import { trustScript } from '../../app/trusted.ts';
import type { Layout, LayoutInput } from './lay-out.ts';
import workerUrl from './layout-worker.ts?worker&url';

/** Layouts that are kept: those of the last folds, so that folding back is at once. */
const KEPT = 8;
const layouts = new Map<string, Layout>();
const waiting = new Map<string, ((layout: Layout) => void)[]>();
let worker: Worker | null = null;

export function findLayout(key: string): Layout | null {
  return layouts.get(key) ?? null;
}

/** Has the worker lay out a graph; one that is asked for twice is laid out once. */
export function requestLayout(key: string, input: LayoutInput): Promise<Layout> {
  return new Promise((resolve) => {
    const others = waiting.get(key);
    if (others) {
      others.push(resolve);
      return;
    }
    waiting.set(key, [resolve]);
    worker ??= openWorker();
    worker.postMessage({ key, input });
  });
}

function openWorker(): Worker {
  const opened = new Worker(trustScript(workerUrl), { type: 'module' });
  opened.addEventListener('message', ({ data }: MessageEvent<{ key: string; layout: Layout }>) => {
    layouts.set(data.key, data.layout);
    for (const oldest of [...layouts.keys()].slice(0, -KEPT)) layouts.delete(oldest);
    for (const resolve of waiting.get(data.key) ?? []) resolve(data.layout);
    waiting.delete(data.key);
  });
  return opened;
}

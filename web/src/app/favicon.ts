import type { State } from '../ui/state.ts';
import { STATUS_LOOKS, type Hue } from '../ui/status-look.ts';

/** Figures a tab's icon can hold at 16 px. */
const FIGURES: Record<string, string> = {
  check: '<path d="m9 16.5 5 5 9-10"/>',
  cross: '<path d="m11 11 10 10m0-10-10 10"/>',
  bang: '<path d="M16 9v8m0 5v.5"/>',
  bar: '<path d="M10 16h12"/>',
  dots: '<path d="M10 16h.1M16 16h.1M22 16h.1"/>',
  pause: '<path d="M13 11v10m6-10v10"/>',
  play: '<path d="m13 10.5 8 5.5-8 5.5z"/>',
};

const FIGURE_OF: Record<Hue, keyof typeof FIGURES> = {
  ...{ success: 'check', error: 'cross', fault: 'bang', time: 'cross', warning: 'bang' },
  ...{ running: 'play', waiting: 'pause', neutral: 'bar' },
};

/** The state of the page's object in the tab, or the mark of BuildIt: a shape and a hue, never a hue alone. */
export function showFavicon(state: State | null): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (link) link.href = `data:image/svg+xml,${encodeURIComponent(state ? drawState(state) : drawMark())}`;
}

function drawMark(): string {
  const color = resolveColor('var(--fill-primary)');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${color}"/><path d="M9 10h8m-8 6h14M9 22h10" fill="none" stroke="white" stroke-width="3" stroke-linecap="round"/></svg>`;
}

function drawState(state: State): string {
  const { hue } = STATUS_LOOKS[state];
  const color = resolveColor(`var(--status-${hue})`);
  const figure = FIGURES[FIGURE_OF[hue]] ?? '';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="${color}"/><g fill="none" stroke="white" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round">${figure}</g></svg>`;
}

/** A colour as a picture outside the page needs it. */
function resolveColor(color: string): string {
  const probe = document.body.appendChild(document.createElement('span'));
  probe.style.color = color;
  const resolved = getComputedStyle(probe).color;
  probe.remove();
  return resolved;
}

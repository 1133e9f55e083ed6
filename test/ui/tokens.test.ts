import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const SOURCES = resolve(import.meta.dirname, '../../web/src');
const css = readFileSync(join(SOURCES, 'ui/tokens.css'), 'utf8');

type Theme = 'dark' | 'light';
const THEMES: readonly Theme[] = ['dark', 'light'];
const GROUNDS = ['bg-base', 'bg-raised', 'bg-elevated', 'bg-overlay'];
const HUES = ['success', 'error', 'running', 'warning', 'fault', 'time', 'waiting', 'neutral'];

/** The colour of a token in a theme. */
function colorOf(token: string, theme: Theme): string {
  const value = new RegExp(`--${token}:\\s*([^;]+);`).exec(css)?.[1] ?? '';
  const both = /^light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)$/.exec(value);
  const color = both ? (theme === 'light' ? both[1] : both[2]) : value;
  if (color === undefined || !/^#[0-9a-f]{6}$/.test(color)) throw new Error(`--${token} is no colour: ${value}`);
  return color;
}

const channels = (color: string): number[] => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));

/** Relative luminance (WCAG 2.2). */
function luminance(rgb: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: readonly number[], other: readonly number[]): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const ratio = (front: string, ground: string, theme: Theme) =>
  contrast(channels(colorOf(front, theme)), channels(colorOf(ground, theme)));

/** `color` at `share` over `ground`. */
function mix(color: string, ground: string, share: number): number[] {
  const below = channels(ground);
  return channels(color).map((value, index) => value * share + (below[index] ?? 0) * (1 - share));
}

/** Ratios over base, raised, elevated, overlay as they were decided. */
const DECIDED: [token: string, theme: Theme, ratios: number[]][] = [
  ['text-1', 'dark', [18.0, 17.2, 16.1, 14.9]],
  ['text-1', 'light', [17.7, 17.0, 17.7, 16.1]],
  ['text-2', 'dark', [7.7, 7.4, 6.9, 6.4]],
  ['text-2', 'light', [7.7, 7.4, 7.7, 7.0]],
  ['text-3', 'dark', [5.9, 5.6, 5.2, 4.9]],
  ['text-3', 'light', [5.3, 5.0, 5.3, 4.8]],
  ['link', 'dark', [9.9, 9.5, 8.9, 8.2]],
  ['link', 'light', [7.9, 7.6, 7.9, 7.2]],
  ['accent-primary', 'dark', [6.6, 6.3, 5.9, 5.5]],
  ['accent-primary', 'light', [6.3, 6.0, 6.3, 5.7]],
  ['border-control', 'dark', [4.1, 3.9, 3.7, 3.4]],
  ['border-control', 'light', [3.7, 3.5, 3.7, 3.3]],
];

describe('tokens', () => {
  test.each(DECIDED)('--%s has its contrast in the %s theme', (token, theme, ratios) => {
    expect(GROUNDS.map((ground) => Number(ratio(token, ground, theme).toFixed(1)))).toEqual(ratios);
  });

  test('white text is readable on every fill', () => {
    const fills = ['primary', 'primary-hover', 'primary-pressed', 'danger', 'danger-hover', 'danger-pressed'];
    const ratios = fills.map((fill) => Number(ratio('fill-text', `fill-${fill}`, 'dark').toFixed(1)));
    expect(ratios).toEqual([6.3, 7.9, 9.9, 4.8, 6.5, 8.3]);
  });

  test.each(THEMES)('text-1 and text-2 are readable on hovered and selected rows, %s', (theme) => {
    for (const ground of ['bg-hover', 'bg-active']) {
      expect(ratio('text-1', ground, theme)).toBeGreaterThanOrEqual(7);
      expect(ratio('text-2', ground, theme)).toBeGreaterThanOrEqual(4.5);
      expect(ratio('link', ground, theme)).toBeGreaterThanOrEqual(4.5);
    }
    expect(ratio('text-3', 'bg-hover', theme)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(THEMES.flatMap((theme) => HUES.map((hue) => [hue, theme] as const)))(
    'a badge of %s is readable on every ground, %s',
    (hue, theme) => {
      const share = theme === 'dark' ? 0.12 : 0.1;
      const onTint = (front: string, ground: string) =>
        contrast(channels(front), mix(colorOf(`status-${hue}`, theme), colorOf(ground, theme), share));
      const text = colorOf(`status-${hue}-text`, theme);
      const icon = colorOf(`status-${hue}`, theme);
      for (const ground of GROUNDS) {
        expect(onTint(text, ground)).toBeGreaterThanOrEqual(4.9);
        expect(onTint(icon, ground)).toBeGreaterThanOrEqual(3.7);
      }
      for (const ground of ['bg-hover', 'bg-active']) expect(onTint(text, ground)).toBeGreaterThanOrEqual(4.6);
    },
  );

  test('no colour is written anywhere else', () => {
    const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\.(tsx?|css)$/.test(name) && !name.includes('.test.') && name !== 'ui/tokens.css',
    );
    const written = sources.flatMap((name) =>
      [
        ...readFileSync(join(SOURCES, name), 'utf8').matchAll(
          /#(?:(?=\d*[a-f])[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b(?=["';\s),])|\b(?:rgb|hsl|oklch)a?\(\d/gi,
        ),
      ].map(([color]) => `${name}: ${color}`),
    );
    expect(written).toEqual([]);
  });
});

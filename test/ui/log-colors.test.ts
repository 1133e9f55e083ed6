import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { contrastOf, GROUNDS, type Rgb } from '../../web/src/log/text/readable-color.ts';

const css = readFileSync(new URL('../../web/src/ui/tokens.css', import.meta.url), 'utf8');

function readColor(token: string): { light: Rgb; dark: Rgb } {
  const [, light = '', dark = ''] = new RegExp(`--${token}: light-dark\\(#(\\w{6}), #(\\w{6})\\);`).exec(css) ?? [];
  const rgb = (hex: string): Rgb => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
  return { light: rgb(light), dark: rgb(dark) };
}

it('the 16 colours of a terminal can be read on rows, plain and selected, in both themes', () => {
  for (let index = 0; index < 16; index++) {
    const color = readColor(`log-${index}`);
    for (const theme of ['light', 'dark'] as const) {
      for (const ground of GROUNDS[theme]) {
        expect(contrastOf(color[theme], ground), `${index} ${theme}`).toBeGreaterThanOrEqual(4.8);
      }
    }
  }
});

it('grounds are those of the tokens', () => {
  for (const theme of ['light', 'dark'] as const) {
    expect([readColor('bg-base')[theme], readColor('log-selected')[theme]]).toEqual(GROUNDS[theme]);
  }
});

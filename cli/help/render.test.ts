import { expect, test } from 'vitest';
import { COMMANDS } from '../grammar/commands.ts';
import { renderHelp } from './render.ts';

test('the overview is what it was', async () => {
  await expect(renderHelp('')).toMatchFileSnapshot('./testdata/overview.txt');
});

test.each(Object.keys(COMMANDS))('the help of %s is what it was', async (name) => {
  await expect(renderHelp(name)).toMatchFileSnapshot(`./testdata/${name.replaceAll(' ', '-')}.txt`);
});

test('no line of any help is wider than 120 columns', () => {
  for (const name of ['', ...Object.keys(COMMANDS)]) {
    for (const line of renderHelp(name).split('\n')) expect(line.length).toBeLessThanOrEqual(120);
  }
});

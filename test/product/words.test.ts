import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile } from '#config/pipeline/compile.ts';
import { type FileExecutor, supportOf } from '#config/pipeline/executors.ts';
import { FILE_WORD } from '#config/pipeline/words.ts';
import type { StageObject } from '#core/rest.ts';
import { describeWith } from '../env/describe-with.ts';
import { openProduct, type Outcome, type Product } from './product.ts';
import { WORD_STAGES } from './word-stages.ts';

const WORDS = Object.keys(FILE_WORD.words['stage']?.words ?? {});

/** Words whose stages need more than one file: shown by tests of their own. */
const ELSEWHERE = ['pipeline'];

test('every word of a stage is in the table', () => {
  expect(WORDS.filter((word) => !Object.hasOwn(WORD_STAGES, word) && !ELSEWHERE.includes(word))).toEqual([]);
});

const refused = Object.entries(WORD_STAGES).flatMap(([word, { text }]) => {
  const support = supportOf(word, 'process');
  return support.kind === 'refused' ? [{ word, text, reason: support.reason }] : [];
});

test.each(refused)('$word is refused with executor process: $reason', ({ text, reason }) => {
  const facts = { git: null, trigger: 'local', pr: null, env: {} };
  const input = { file: 'x.kdl', text, facts, params: {}, executor: 'process', stages: [] } as const;
  const { plan, diagnostics } = compile(input);
  expect(plan).toBeNull();
  expect(diagnostics.filter(({ code }) => code === 'KDL019').map(({ label }) => label)).toContain(reason);
});

describeWith(['docker', 'temporal'], 'the words of a stage', () => {
  let product: Product;
  beforeAll(() => {
    product = openProduct();
    writeFileSync(join(product.folder, 'secrets.env'), 'WORD_SECRET=open-sesame\n');
  });
  afterAll(() => product.dispose());

  for (const executor of ['docker', 'process'] as const satisfies readonly FileExecutor[]) {
    test(`do what they say with executor ${executor}`, { timeout: 240_000 }, async () => {
      const rows = Object.entries(WORD_STAGES).filter(([word]) => supportOf(word, executor).kind !== 'refused');
      const head = `pipeline "words" { ${executor === 'docker' ? 'image "busybox:1.37"' : 'executor "process"'} }`;
      const text = [head, ...rows.map(([, row]) => row.on?.[executor]?.text ?? row.text)].join('\n');
      writeFileSync(join(product.folder, `${executor}.kdl`), text);
      const ran = await product.run(
        ...['run', `${executor}.kdl`, '--secret-file', 'secrets.env', '--approve', 'gate', '--approve', 'manual'],
      );
      const shown = await product.run('runs', 'show', '@last', '-o', 'json');
      const { stages } = JSON.parse(shown.stdout) as { stages: StageObject[] };
      expect(
        rows.flatMap(([word]) => findMistakes(word, executor, stages, ran)),
        ran.stderr,
      ).toEqual([]);
    });
  }
});

/** What is not as the table says, in words. */
function findMistakes(word: string, executor: FileExecutor, stages: readonly StageObject[], ran: Outcome): string[] {
  const row = WORD_STAGES[word];
  if (!row) return [`${word} is not in the table`];
  const mistakes: string[] = [];
  for (const [name, ending] of Object.entries(row.ends ?? { [word]: 'passed' })) {
    const status = stages.find((stage) => stage.name === name)?.status;
    const found = status?.kind === 'ended' ? status.ending : (status?.kind ?? 'not there');
    if (found !== ending) mistakes.push(`${name} is ${found}, not ${ending}`);
  }
  const says = row.on?.[executor]?.says ?? row.says;
  if (says !== undefined && !ran.stdout.split('\n').includes(`${word} | ${says}`))
    mistakes.push(`${word} never says "${says}"`);
  const own = stages.find((stage) => stage.name === word);
  if (row.shows && !(own && row.shows(own))) mistakes.push(`${word} does not show what it does`);
  if (word === 'image' && executor === 'process' && !ran.stderr.includes('image: image is set aside')) {
    mistakes.push('nobody says that the image is set aside');
  }
  if (ran.stdout.includes('open-sesame')) mistakes.push('the secret is printed');
  return mistakes;
}

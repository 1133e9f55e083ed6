import { expect, it } from 'vitest';
import type { CacheRule } from '#core/cache.ts';
import { readSealed } from '#core/sealed-text.ts';
import { memoryOutputSealer } from '#store/secret/memory-secret-store.ts';
import { evaluateLateCondition } from '../condition/evaluate-late-condition.ts';
import { useFakeBuild } from './testing/fake-build.ts';

const fake = useFakeBuild();
const PATH = 'stages.issue.outputs.token';
const seal = (text: string) => memoryOutputSealer().seal('run', text);

it('what a stage writes to $BUILDIT_SECRET_OUTPUT leaves it sealed, beside its other outputs', async () => {
  const worker = await fake.openBuild({ outputs: 'user=ann', exchange: { 'secret-output': 'token=t0p-secret-1\n' } });
  const { ending, outputs } = await worker.run('build').result;
  expect([ending, outputs['user'], Object.keys(outputs)]).toEqual(['passed', 'ann', ['user', 'token']]);
  expect(readSealed(outputs['token'] ?? '')).not.toBeNull();
  expect(JSON.stringify([...fake.bench.records.ends])).not.toContain('t0p-secret-1');
});

it.each([
  ['an output that holds one', 'url=https://t0p-secret-1@host', 'token=t0p-secret-1', 'outputs-hold-secret'],
  ['a key that is both', 'token=a', 'token=b', 'outputs-invalid'],
  ['a line that is none', '', 'no key', 'outputs-invalid'],
  ['an output that poses as sealed', 'a=buildit-sealed:eA==', '', 'outputs-invalid'],
])('%s fails the stage', async (_, outputs, secretOutputs, code) => {
  const worker = await fake.openBuild({ outputs, exchange: { 'secret-output': secretOutputs } });
  expect(await worker.run('build').result).toMatchObject({ ending: 'failed', reason: { code }, outputs: {} });
});

it('a stage that reads one is given its value, masked in its log', async () => {
  const output = Buffer.from('using t0p-secret-1\n');
  const env = { TOKEN: { parts: ['Bearer ', { ref: PATH }] } };
  const worker = await fake.openBuild({ output }, { env });
  const call = worker.run('build', { values: { [PATH]: await seal('t0p-secret-1') } });
  expect(await call.result).toMatchObject({ ending: 'passed' });
  expect(fake.runtime.created[0]?.env).toMatchObject({ TOKEN: 'Bearer t0p-secret-1' });
  expect((await fake.bench.readLog('build')).toString()).toBe('using ***\n');
});

it.each([
  ['key', { key: { parts: ['k-', { ref: PATH }] } }],
  ['restore', { restore: [{ parts: ['k-', { ref: PATH }] }] }],
])('it may not stand in the %s of a cache', async (_, changes) => {
  const rule: CacheRule = {
    name: 'deps',
    paths: ['deps'],
    key: 'k',
    restore: [],
    save: 'success',
    line: 3,
    ...changes,
  };
  const worker = await fake.openBuild({}, { caches: [rule] });
  const values = { [PATH]: await seal('t0p-secret-1') };
  expect(await worker.run('build', { values }).result).toMatchObject({
    ...{ ending: 'errored', faultCode: 'secret-output-misplaced', started: false },
  });
});

it('it may stand nowhere else: not in an image, not in a condition', async () => {
  const values = { [PATH]: await seal('latest') };
  const image = { ref: { parts: ['app:', { ref: PATH }] }, pull: 'never' as const };
  const worker = await fake.openBuild({}, { image });
  expect(await worker.run('build', { values }).result).toMatchObject({
    ending: 'errored',
    faultCode: 'secret-output-misplaced',
    started: false,
  });
  const state = { success: true, failure: false, cancelled: false };
  const asked = evaluateLateCondition({ expression: `${PATH} == "latest"`, facts: {}, values, state });
  await expect(asked).rejects.toMatchObject({ type: 'condition-failed' });
});

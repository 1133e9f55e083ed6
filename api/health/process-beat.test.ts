import { describe, expect, onTestFinished, test } from 'vitest';
import { listApiProcesses } from '#db/queries/api-processes.ts';
import { useApi } from '#test/env/use-api.ts';
import { listHealthFacts } from './facts.ts';
import { startProcessBeat } from './process-beat.ts';

describe('processes of the API', () => {
  const use = useApi();
  const start = (name: string, version: string) => {
    const beat = startProcessBeat(use().database, { name, version });
    onTestFinished(() => beat.stop());
    return beat;
  };
  const fact = async () => (await listHealthFacts(use().context)).facts.find(({ id }) => id === 'api');

  test('are told by health while they live, one that fell silent and one of another version with what to do', async () => {
    const { database } = use();
    const one = start('one port 80', '1');
    const two = start('two port 80', '1');
    const value = '2 there: one port 80, two port 80';
    await expect.poll(fact).toMatchObject({ state: 'ok', value, limit: 'none silent', remedy: null });
    await two.stop();
    expect(await fact()).toMatchObject({ state: 'ok', value: '1 there: one port 80' });
    const newer = start('two port 80', '2');
    await expect.poll(fact).toMatchObject({
      ...{ state: 'warn', value: '2 there: one port 80 (1), two port 80 (2)' },
      remedy: 'bring all of them to one version',
    });
    await database`UPDATE api_processes SET alive_until = now() WHERE name = 'two port 80'`;
    expect(await fact()).toMatchObject({
      ...{ state: 'warn', value: '1 there: one port 80; silent: two port 80' },
      remedy: expect.stringContaining('two port 80 was heard of last at 20'),
    });
    await Promise.all([one.stop(), newer.stop()]);
    expect(await listApiProcesses(database)).toEqual([]);
  });

  test('one that has been silent for a day is forgotten by the next that says something', async () => {
    const { database } = use();
    await database`
      INSERT INTO api_processes (name, version, alive_until, seen_at)
      VALUES ('gone', '1', now() - interval '25 hours', now() - interval '25 hours')`;
    expect(await listApiProcesses(database)).toEqual([]);
    const one = start('one', '1');
    await expect.poll(() => listApiProcesses(database)).toMatchObject([{ name: 'one', isAlive: true }]);
    expect(await database`SELECT name FROM api_processes`).toEqual([{ name: 'one' }]);
    await one.stop();
  });
});

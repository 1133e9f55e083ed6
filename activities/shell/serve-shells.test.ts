import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { ShellInput, ShellOutput } from '#core/shell.ts';
import type { Database } from '#db/client.ts';
import { announceShell, countShells, endLostShells } from '#db/queries/shells.ts';
import { openShellOfPerson } from '#db/shell-link.ts';
import { askShell } from '#test/env/ask-shell.ts';
import { useApi } from '#test/env/use-api.ts';
import type { OpenedTerminal } from './open-terminal.ts';
import { serveShells } from './serve-shells.ts';

const HOST = 'host';

describe('terminals of a host', () => {
  const use = useApi();

  test('one whose person leaves while it is being opened is closed and ended', async () => {
    const asked = await askFor();
    const opening = Promise.withResolvers<OpenedTerminal>();
    const { opened, isClosed } = createOpened();
    const service = await serve(use().database, () => opening.promise);
    const person = await join(asked.id);
    await expect.poll(() => person.heard).toMatchObject([{ kind: 'pong' }]);
    await person.send({ kind: 'close' });
    opening.resolve(opened);
    await expect.poll(() => stateOf(asked.id)).toBe('ended');
    expect(isClosed()).toBe(true);
    expect(person.heard.at(-1)).toEqual({ kind: 'ended', exitCode: 129 });
    await service.close();
    await person.close();
  });

  test('a worker that closes while one is being opened waits no longer than that', async () => {
    const asked = await askFor();
    const opening = Promise.withResolvers<OpenedTerminal>();
    const { opened, isClosed } = createOpened();
    const service = await serve(use().database, () => opening.promise);
    await announceShell(use().database, asked);
    await expect.poll(() => stateOf(asked.id)).toBe('open');
    const closed = service.close();
    opening.resolve(opened);
    await closed;
    expect([isClosed(), await stateOf(asked.id)]).toEqual([true, 'ended']);
  });

  test('one whose answers the database does not take is left, and nothing else is', async () => {
    const asked = await askFor();
    const { opened, isClosed } = createOpened();
    const { database, break: breakIt } = createBreakable(use().database);
    const service = await serve(database, async () => opened);
    const person = await join(asked.id);
    await expect.poll(() => person.heard.at(-1)).toMatchObject({ kind: 'opened' });
    breakIt();
    await person.send({ kind: 'ping' });
    await expect.poll(() => stateOf(asked.id)).toBe('ended');
    expect(isClosed()).toBe(true);
    await service.close();
    await person.close();
  });

  test('a ping says that the person is there', async () => {
    const asked = await askFor();
    const { opened } = createOpened();
    const service = await serve(use().database, async () => opened);
    const person = await join(asked.id);
    await expect.poll(() => person.heard.at(-1)).toMatchObject({ kind: 'opened' });
    await use().database`UPDATE shells SET beat_at = now() - interval '1 hour' WHERE id = ${asked.id}`;
    await person.send({ kind: 'ping' });
    await expect.poll(() => count(asked.runId)).toEqual({ open: 1, ended: 0 });
    await service.close();
    await person.close();
    expect(await count(asked.runId)).toEqual({ open: 0, ended: 1 });
  });

  test('a stage is not held for those that nobody has, and they are ended', async () => {
    const { database } = use();
    const { id, runId } = await askFor();
    expect(await count(runId)).toEqual({ open: 1, ended: 0 });
    await database`UPDATE shells SET created_at = created_at - interval '3 minutes' WHERE id = ${id}`;
    expect(await count(runId)).toEqual({ open: 0, ended: 0 });
    await database`UPDATE shells SET state = 'open', beat_at = now() WHERE id = ${id}`;
    expect(await count(runId)).toEqual({ open: 1, ended: 0 });
    await endLostShells(database);
    expect(await stateOf(id)).toBe('open');
    await database`UPDATE shells SET beat_at = now() - interval '2 minutes' WHERE id = ${id}`;
    expect(await count(runId)).toEqual({ open: 0, ended: 1 });
    await endLostShells(database);
    expect(await stateOf(id)).toBe('ended');
  });

  const serve = (database: Database, open: () => Promise<OpenedTerminal>) =>
    serveShells({ database, hostId: HOST, open, report: () => {} });

  const askFor = () => askShell(use(), HOST);

  async function join(id: string) {
    const heard: ShellOutput[] = [];
    const link = await openShellOfPerson(use().database, id, { onFrame: (frame) => heard.push(frame), onCut() {} });
    await announceShell(use().database, { id, hostId: HOST });
    return { heard, send: (input: ShellInput) => link.send(input), close: () => link.close() };
  }

  async function stateOf(id: string) {
    const [row] = await use().database<{ state: string }[]>`SELECT state FROM shells WHERE id = ${id}`;
    return row?.state;
  }

  const count = (runId: string) =>
    countShells(use().database, { runId, stage: 'build', attempt: 1 }, '2026-01-01T00:00:00.000Z');
});

/** A shell that goes on until it is closed. */
function createOpened(): { opened: OpenedTerminal; isClosed(): boolean } {
  let isClosed = false;
  const output = new PassThrough();
  const ended = Promise.withResolvers<number>();
  const close = async () => {
    isClosed = true;
    output.end();
    ended.resolve(137);
  };
  const terminal = { output, write() {}, resize: async () => {}, ended: ended.promise, close };
  return { opened: { terminal, note: 'note', close }, isClosed: () => isClosed };
}

/** Takes no notification any more once it is broken. */
function createBreakable(database: Database): { database: Database; break(): void } {
  let isBroken = false;
  const breakable = new Proxy(database, {
    apply(target, self, args: unknown[]) {
      const [texts] = args as [readonly string[]];
      if (isBroken && texts[0]?.includes('pg_notify')) return Promise.reject(new Error('the database restarts'));
      return Reflect.apply(target, self, args) as unknown;
    },
  });
  return { database: breakable, break: () => void (isBroken = true) };
}

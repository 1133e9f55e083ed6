import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { LogKey, LogRow, LogStore, LogWriteOptions } from './port.ts';

export const KEY: LogKey = { runId: 'run-1', stage: 'test[node=22]', attempt: 1 };

export const OPTIONS: LogWriteOptions = { masks: [], startedAt: Date.now(), onDurable: () => {} };

export async function readAll(store: LogStore, key = KEY, from = 0, to = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const bytes of store.readBytes(key, from, to)) parts.push(Buffer.from(bytes));
  return Buffer.concat(parts);
}

export const textOf = (rows: readonly LogRow[]) =>
  rows.map((row) => ('gap' in row ? `gap ${row.gap.bytes}` : row.text));
export const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const append = (text: string) => [Buffer.from(text), Buffer.byteLength(text)] as const;

/** What every {@link LogStore} does. `open` makes an empty one; `reopen` opens the same one as another process would. */
export function describeLogStore(name: string, open: () => Promise<{ store: LogStore; reopen: () => LogStore }>): void {
  describe(`log store: ${name}`, () => {
    it('a log that nobody wrote is empty and not ended', async () => {
      const { store } = await open();
      const nothing = { groups: [], sections: [], errors: [], gaps: [] };
      expect(await store.index(KEY)).toEqual({ lines: 0, bytes: 0, ...nothing, digest: null, ended: false });
      expect(await readAll(store)).toHaveLength(0);
      expect(await store.readLines(KEY, 1, 10)).toEqual([]);
    });

    it('stored bytes are the bytes that came, whatever they are', async () => {
      const { store, reopen } = await open();
      const bytes = Buffer.concat([Buffer.from([0, 255, 10, 13, 10, 0xc3]), Buffer.from('no last newline')]);
      const writer = await store.write(KEY, OPTIONS);
      for (let at = 0; at < bytes.length; at += 3)
        await writer.append(bytes.subarray(at, at + 3), Math.min(3, bytes.length - at));
      const index = await writer.end();
      expect(index).toMatchObject({ bytes: bytes.length, lines: 3, digest: digestOf(bytes), ended: true });
      expect(await readAll(reopen())).toEqual(bytes);
      expect(await readAll(reopen(), KEY, 2, 5)).toEqual(bytes.subarray(2, 5));
      expect(await reopen().index(KEY)).toEqual(index);
    });

    it('lines are addressed from 1, and the last one without line feed is partial until the log ends', async () => {
      const { store, reopen } = await open();
      const writer = await store.write(KEY, OPTIONS);
      await writer.append(...append('one\ntwo\r\n\nfo'));
      await writer.append(...append('ur\nfive'));
      await writer.release();
      const rows = await reopen().readLines(KEY, 1, 100);
      expect(textOf(rows)).toEqual(['one', 'two\r', '', 'four', 'five']);
      expect(rows.at(-1)).toMatchObject({ n: 5, partial: true, byte: 15 });
      expect(rows[0]).not.toHaveProperty('partial');
      expect(textOf(await reopen().readLines(KEY, 3, 2))).toEqual(['', 'four']);
      expect(await reopen().readLines(KEY, 6, 2)).toEqual([]);
      const again = await reopen().write(KEY, OPTIONS);
      expect(await again.end()).toMatchObject({ lines: 5 });
      expect((await store.readLines(KEY, 5, 100))[0]).toEqual(expect.not.objectContaining({ partial: true }));
    });

    it('bytes that are no UTF-8 reach the reader of lines as lone surrogates', async () => {
      const { store } = await open();
      const writer = await store.write(KEY, OPTIONS);
      await writer.append(Buffer.from([0x61, 0x9f, 0xc3, 0xa4, 0xff, 0x0a]), 6);
      await writer.end();
      expect(textOf(await store.readLines(KEY, 1, 1))).toEqual(['a\udc9fä\udcff']);
    });

    it('secrets are masked in what is stored, and the digest is that of what is stored', async () => {
      const { store } = await open();
      const writer = await store.write(KEY, { ...OPTIONS, masks: ['hunter2-hunter2'] });
      for (const part of ['password: hun', 'ter2-hun', 'ter2\nnext\n']) await writer.append(...append(part));
      const index = await writer.end();
      expect((await readAll(store)).toString()).toBe('password: ***\nnext\n');
      expect(index.digest).toBe(digestOf(Buffer.from('password: ***\nnext\n')));
    });

    it('steps are groups with their first line, exit code and duration', async () => {
      const { store, reopen } = await open();
      const writer = await store.write(KEY, OPTIONS);
      await writer.mark({ kind: 'step-start', step: 1, title: 'make' }, 10);
      await writer.append(...append('a\nb\n'));
      await writer.mark({ kind: 'step-end', step: 1, exitCode: 0, durationMs: 12 }, 10);
      await writer.mark({ kind: 'step-start', step: 2, title: 'make test' }, 10);
      await writer.append(...append('c\n'));
      await writer.release();
      const [one, two] = (await reopen().index(KEY)).groups;
      expect(one).toEqual({ step: 1, title: 'make', fromLine: 1, fromByte: 0, exitCode: 0, durationMs: 12 });
      expect(two).toEqual({ step: 2, title: 'make test', fromLine: 3, fromByte: 4, exitCode: null, durationMs: null });
      expect(writer.raw).toBe(36);
    });

    it('errors and sections are in the index, however the bytes were cut', async () => {
      const text =
        'one\nerror: two\n::group::Three\nfour\n✗ five\n::endgroup::\n--- six\nseven\n--- eight\nfatal: nine';
      const bytes = Buffer.from(text);
      for (const size of [1, 3, 7, bytes.length]) {
        const { store, reopen } = await open();
        const writer = await store.write(KEY, OPTIONS);
        for (let at = 0; at < bytes.length; at += size) {
          const part = bytes.subarray(at, at + size);
          await writer.append(part, part.length);
        }
        await writer.end();
        const { errors, sections } = await reopen().index(KEY);
        expect(errors).toEqual([2, 5, 10]);
        expect(sections).toEqual([
          { title: 'Three', fromLine: 3, toLine: 6, depth: 0 },
          { title: 'six', fromLine: 7, toLine: 8, depth: 0 },
          { title: 'eight', fromLine: 9, toLine: null, depth: 0 },
        ]);
      }
    });

    it('a step ends the sections of its output; sections are three deep at most', async () => {
      const { store } = await open();
      const writer = await store.write(KEY, OPTIONS);
      await writer.append(
        ...append('::group::1\n::group::2\n::group::3\n::group::4\n::endgroup::\n::endgroup::\nin 2\n'),
      );
      await writer.mark({ kind: 'step-start', step: 2, title: 'next' }, 0);
      await writer.append(...append('::endgroup::\n'));
      expect((await writer.end()).sections).toEqual([
        { title: '1', fromLine: 1, toLine: 7, depth: 0 },
        { title: '2', fromLine: 2, toLine: 7, depth: 1 },
        { title: '3', fromLine: 3, toLine: 6, depth: 2 },
      ]);
    });

    it('a gap is a row in front of the line it broke, and counts as raw', async () => {
      const { store } = await open();
      const writer = await store.write(KEY, OPTIONS);
      await writer.append(...append('one\ntw'));
      await writer.gap({ bytes: 500, cause: 'rotated' });
      await writer.append(...append('o\nthree\n'));
      const index = await writer.end();
      expect(index.gaps).toMatchObject([{ line: 2, bytes: 500, cause: 'rotated' }]);
      const rows = await store.readLines(KEY, 1, 10);
      expect(textOf(rows)).toEqual(['one', 'gap 500', 'two', 'three']);
      expect(textOf(await store.readLines(KEY, 3, 10))).toEqual(['three']);
      expect(writer.raw).toBe(514);
    });

    it('another writer goes on where the first one let go, in the middle of a line and of a secret', async () => {
      const { store, reopen } = await open();
      const masks = ['swordfish-swordfish'];
      const raw = 'first line\npass: swordfish-swordfish!\nlast\n';
      for (let cut = 0; cut <= raw.length; cut++) {
        const key = { ...KEY, attempt: cut };
        const first = await store.write(key, { ...OPTIONS, masks });
        await first.append(...append(raw.slice(0, cut)));
        await first.release();
        const second = await reopen().write(key, { ...OPTIONS, masks });
        expect(second.raw).toBeLessThanOrEqual(cut);
        await second.append(...append(raw.slice(second.raw)));
        expect(await second.end()).toMatchObject({ lines: 3 });
        expect((await readAll(reopen(), key)).toString()).toBe('first line\npass: ***!\nlast\n');
      }
    });

    it('a chunk that stands for more raw bytes than it has is not stored twice', async () => {
      const { store, reopen } = await open();
      const masks = ['secret-value'];
      const first = await store.write(KEY, { ...OPTIONS, masks });
      await first.append(Buffer.from('abc\nsecret-'), 30);
      await first.release();
      expect(first.raw).toBe(0);
      const second = await reopen().write(KEY, { ...OPTIONS, masks });
      expect(second.raw).toBe(0);
      await second.append(Buffer.from('abc\nsecret-'), 30);
      await second.append(...append('value\n'));
      await second.end();
      expect(second.raw).toBe(36);
      expect((await readAll(store)).toString()).toBe('abc\n***\n');
    });

    it('a log that has ended says so again to a second writer and takes nothing more', async () => {
      const { store, reopen } = await open();
      const writer = await store.write(KEY, OPTIONS);
      await writer.append(...append('all\n'));
      const index = await writer.end();
      const second = await reopen().write(KEY, OPTIONS);
      expect(second.raw).toBe(4);
      expect(await second.end()).toEqual(index);
      await expect(second.append(...append('more'))).rejects.toMatchObject({ fault: { code: 'log-ended' } });
    });

    it('a writer whose log was taken over is refused and has changed nothing', async () => {
      const { store, reopen } = await open();
      const first = await store.write(KEY, OPTIONS);
      await first.append(...append('one\n'));
      const second = await reopen().write(KEY, OPTIONS);
      await second.append(...append('two\n'));
      await second.release();
      await first.append(...append('late\n'));
      await expect(first.end()).rejects.toMatchObject({ fault: { code: 'log-superseded' } });
      expect((await readAll(reopen())).toString()).toBe('two\n');
    });

    it('what is durable is told, and is what a reader sees', async () => {
      const { store, reopen } = await open();
      const states: { bytes: number; lines: number }[] = [];
      const { promise, resolve } = Promise.withResolvers<void>();
      const onDurable = (state: { bytes: number; lines: number }) => {
        states.push(state);
        if (state.bytes === 8) resolve();
      };
      const writer = await store.write(KEY, { ...OPTIONS, onDurable });
      await writer.append(...append('one\ntwo\n'));
      await promise;
      expect(textOf(await reopen().readLines(KEY, 1, 9))).toEqual(['one', 'two']);
      expect(states.at(-1)).toEqual({ bytes: 8, lines: 2 });
      await writer.release();
    });

    it('a line above 64 KiB is cut for readers of lines and says by how much', async () => {
      const { store } = await open();
      const writer = await store.write(KEY, OPTIONS);
      const long = 'ä'.repeat(300_000);
      await writer.append(...append(`x${long}\nnext\n`));
      await writer.end();
      const [row, next] = await store.readLines(KEY, 1, 2);
      expect(row).toMatchObject({ n: 1, cut: 600_001 - 65_535 });
      expect(next).toMatchObject({ n: 2, text: 'next', byte: 600_002 });
    });
  });
}

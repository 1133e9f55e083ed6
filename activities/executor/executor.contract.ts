import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { extract, pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handleName } from '#core/ids.ts';
import { createMarkParser, type Mark } from './marks.ts';
import type { AttemptSpec, Executor, ExecutorHost, Exit, Handle, RunSource } from './port.ts';
import { createSpec, NONCE } from './testing/attempt-spec.ts';

export interface ContractSubject {
  /** What a worker process has: two of them see the same world. */
  openWorker(): { executor: Executor; host: ExecutorHost };
  image: AttemptSpec['image'];
  /** What its reference means; null where there is none. */
  imageDigest: () => Promise<string | null>;
  source: RunSource;
  /** Environment that programs need to be found (PATH). */
  env: Record<string, string>;
  dispose(): Promise<void>;
}

/** The files of {@link ContractSubject.source}. */
export const SOURCE_FILES: Readonly<Record<string, string>> = {
  'README.md': 'from the source\n',
  'src/app.txt': 'app\n',
};

/** What every executor that runs real programs keeps. */
export function testExecutor(name: string, openSubject: () => Promise<ContractSubject>): void {
  describe(`executor contract on ${name}`, () => {
    let subject: ContractSubject;
    const runId = randomUUID();
    beforeAll(async () => {
      subject = await openSubject();
      await subject.openWorker().host.openRun({ runId, source: subject.source, attempts: [] });
    });
    afterAll(async () => {
      await subject.openWorker().host.closeRun(runId);
      await subject.dispose();
    });

    const describeAttempt = (stage: string, scripts: string[], changes: Partial<AttemptSpec> = {}) => {
      const { source, image, env } = subject;
      return createSpec(scripts, { runId, stage, source, image, env, ...changes });
    };

    async function run(spec: AttemptSpec): Promise<Followed> {
      const { executor } = subject.openWorker();
      const handle = await executor.start(spec);
      return { handle, ...(await followAttempt(executor, handle)) };
    }

    it('runs the steps in order in one place and ends with the exit code', async () => {
      const { exit, text, marks } = await run(
        describeAttempt('steps', ['echo one > f', 'cat f; exit 3', 'echo never']),
      );
      expect(text).toBe('one\n');
      expect(exit).toMatchObject({ code: 3, outOfMemory: false, refusal: null, lostContact: false });
      expect(marks.map((mark) => mark.kind)).toEqual([
        'begin',
        'step-start',
        'step-end',
        'step-start',
        'step-end',
        'eof',
      ]);
      expect(marks.at(-1)).toEqual({ kind: 'eof', exitCode: 3 });
    });

    it('hands on every byte: NULs, invalid UTF-8, no last newline', async () => {
      const script = String.raw`printf 'a\000\377\r\n\n'; printf 'no newline'`;
      const { bytes } = await run(describeAttempt('bytes', [script]));
      expect(bytes).toEqual(Buffer.from('a\0\u00ff\r\n\nno newline', 'latin1'));
    });

    it('begins an attempt once, however often and by whomever it is started', async () => {
      const spec = describeAttempt('once', ['echo ran; sleep 0.3']);
      const [first, second] = [subject.openWorker(), subject.openWorker()];
      const handle = await first.executor.start(spec);
      expect(handle).toMatchObject({ created: true, state: 'running' });
      expect(await second.executor.start(spec)).toMatchObject({
        created: false,
        state: 'running',
        startedAt: handle.startedAt,
      });
      const { text } = await followAttempt(first.executor, handle);
      const ended = await subject.openWorker().executor.start(spec);
      expect(ended).toMatchObject({ created: false, state: 'exited', startedAt: handle.startedAt });
      const again = await followAttempt(subject.openWorker().executor, ended);
      expect([text, again.text]).toEqual(['ran\n', 'ran\n']);
    });

    it('prepares a run that was not opened with its first attempt, and leaves nothing of it', async () => {
      const other = randomUUID();
      const spec = {
        ...describeAttempt('unopened', ['cat README.md']),
        runId: other,
        name: handleName(other, 'unopened', 1),
      };
      const { executor, host } = subject.openWorker();
      expect((await followAttempt(executor, await executor.start(spec))).text).toBe('from the source\n');
      await host.closeRun(other);
      expect(await host.listRuns()).not.toContain(other);
    });

    it('begins an attempt once when two workers start it at the same moment', async () => {
      const spec = describeAttempt('race', ['echo ran']);
      const handles = await Promise.all([1, 2, 3].map(() => subject.openWorker().executor.start(spec)));
      const { text } = await followAttempt(subject.openWorker().executor, handles[0] ?? expect.fail());
      expect(text).toBe('ran\n');
    });

    it('begins nothing once it was told to give up', async () => {
      const spec = describeAttempt('given-up', ['echo ran']);
      const { executor } = subject.openWorker();
      await expect(executor.start(spec, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
      expect(await executor.find(spec)).toBeNull();
      expect((await followAttempt(executor, await executor.start(spec))).text).toBe('ran\n');
    });

    it('finds what exists and nothing else', async () => {
      const spec = describeAttempt('find', ['true']);
      const { executor } = subject.openWorker();
      expect(await executor.find(spec)).toBeNull();
      const { handle } = await run(spec);
      expect(await executor.find(spec)).toMatchObject({
        name: spec.name,
        startedAt: handle.startedAt,
        state: 'exited',
      });
    });

    it('says which image an attempt runs in, also to who comes later', async () => {
      const spec = describeAttempt('image', ['true']);
      const { handle } = await run(spec);
      const digest = await subject.imageDigest();
      expect([handle.image, (await subject.openWorker().executor.find(spec))?.image]).toEqual([digest, digest]);
      expect(digest === null).toBe(subject.image === null);
    });

    it('lets a second worker go on where the first stopped, byte for byte', async () => {
      const script = 'i=0; while [ $i -lt 40 ]; do head -c 5000 /dev/urandom; i=$((i+1)); sleep 0.01; done';
      const spec = describeAttempt('takeover', [script]);
      const first = subject.openWorker();
      const handle = await first.executor.start(spec);
      const leaving = new AbortController();
      const early: Buffer[] = [];
      const left = first.executor.follow(
        handle,
        0,
        {
          async onBytes(bytes) {
            early.push(Buffer.from(bytes));
            if (early.reduce((sum, chunk) => sum + chunk.length, 0) > 40_000) leaving.abort();
          },
          onGap: () => Promise.reject(new Error('a gap')),
        },
        leaving.signal,
      );
      await expect(left).rejects.toThrow('aborted');
      const raw = Buffer.concat(early);
      const late = await followAttempt(subject.openWorker().executor, handle, raw.length);
      const whole = await followAttempt(subject.openWorker().executor, handle);
      expect(late.exit.code).toBe(0);
      expect(digest(Buffer.concat([raw, late.raw]))).toBe(digest(whole.raw));
      expect(whole.bytes.length).toBe(200_000);
    });

    it('stops with SIGTERM and leaves the grace to clean up', async () => {
      const spec = describeAttempt('grace', [
        `trap 'echo cleaning; exit 9' TERM; echo ready; while :; do sleep 0.05; done`,
      ]);
      const { executor } = subject.openWorker();
      const handle = await executor.start(spec);
      let stopping: Promise<void> | undefined;
      const followed = followAttempt(executor, handle, 0, (text) => {
        if (text.includes('ready')) stopping ??= executor.stop(handle, 20_000);
      });
      const { text, exit } = await followed;
      await stopping;
      expect(text).toMatch(/^ready\n(Terminated\n)?cleaning\n$/);
      expect(exit.code).toBe(9);
    });

    it('begins no further step once it was asked to end', async () => {
      const spec = describeAttempt('no-next', [
        `trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done`,
        'echo never',
      ]);
      const { executor } = subject.openWorker();
      const handle = await executor.start(spec);
      const { text, exit } = await followAttempt(executor, handle, 0, (printed) => {
        if (printed.includes('ready')) void executor.stop(handle, 20_000);
      });
      expect(text).not.toContain('never');
      expect(exit.code).toBe(143);
    });

    it('kills after the grace what does not want to end', async () => {
      const spec = describeAttempt('kill', [`trap '' TERM; echo ready; while :; do sleep 0.05; done`]);
      const { executor } = subject.openWorker();
      const handle = await executor.start(spec);
      const { exit } = await followAttempt(executor, handle, 0, (text) => {
        if (text.includes('ready')) void executor.stop(handle, 200);
      });
      expect(exit.code).toBe(137);
      await executor.stop(handle, 200);
    });

    it('leaves no process of the attempt behind', async () => {
      const { exit, text } = await run(describeAttempt('background', ['sleep 600 & echo started']));
      expect([exit.code, text]).toEqual([0, 'started\n']);
    });

    it('gives each attempt its own copy of the source', async () => {
      await run(describeAttempt('writes', ['echo changed > README.md; rm src/app.txt; echo new > new.txt']));
      const { text } = await run(describeAttempt('reads', ['cat README.md src/app.txt; ls']));
      expect(text).toBe('from the source\napp\nREADME.md\nsrc\n');
    });

    it('delivers inputs into the workspace', async () => {
      const spec = describeAttempt('inputs', ['cat dist/a.txt src/app.txt'], {
        inputs: [() => packFiles({ 'dist/a.txt': 'an artifact\n', 'src/app.txt': 'newer\n' })],
      });
      expect((await run(spec)).text).toBe('an artifact\nnewer\n');
    });

    it('collects the files that match, after the end', async () => {
      const script =
        'mkdir -p dist/deep "odd name"; echo 1 > dist/a; echo 2 > dist/deep/.b; echo 3 > "odd name/c"; ln -s a dist/link; echo no > other';
      const { handle } = await run(describeAttempt('collect', [script]));
      const { executor } = subject.openWorker();
      const files = await readTar(await executor.collect(handle, ['dist/**', 'odd name/*', 'README.md', '!dist/a']));
      expect(files).toEqual({
        'dist/deep/.b': '2\n',
        'dist/link': '-> a',
        'odd name/c': '3\n',
        'README.md': 'from the source\n',
      });
      expect(await readTar(await executor.collect(handle, ['nothing/*']))).toEqual({});
    });

    it('hands over outputs, small in a mark and large from the file', async () => {
      const small = await run(describeAttempt('small', ['echo tag=v1 >> "$BUILDIT_OUTPUT"']));
      expect(small.marks).toContainEqual({ kind: 'outputs', text: 'tag=v1' });
      const large = await run(describeAttempt('large', ['head -c 9000 /dev/zero | tr "\\0" x >> "$BUILDIT_OUTPUT"']));
      expect(large.marks).toContainEqual({ kind: 'outputs-in-file' });
      const { executor } = subject.openWorker();
      expect((await executor.readExchange(large.handle, 'output', 65_536)).length).toBe(9000);
      expect((await executor.readExchange(large.handle, 'output', 100)).length).toBe(101);
    });

    it('tells of the other files a stage hands something over in', async () => {
      const script = 'echo "## done" >> "$BUILDIT_SUMMARY"; echo key=hidden >> "$BUILDIT_SECRET_OUTPUT"';
      const { marks, handle } = await run(describeAttempt('told', [script]));
      expect(marks).toContainEqual({ kind: 'written', file: 'summary' });
      expect(marks).toContainEqual({ kind: 'written', file: 'secret-output' });
      expect(marks).not.toContainEqual({ kind: 'written', file: 'stages' });
      const { executor } = subject.openWorker();
      expect(Buffer.from(await executor.readExchange(handle, 'summary', 100)).toString()).toBe('## done\n');
      expect((await executor.readExchange(handle, 'stages', 100)).length).toBe(0);
    });

    it('keeps values byte-equal and shows a stage no variable that is not its own', async () => {
      const value = `a 'b' "c" $(touch x) \\ é\nnext line`;
      const spec = describeAttempt(
        'env',
        ['printf "%s|" "$VALUE" "$BUILDIT_WORKSPACE"; pwd; env | sed "s/=.*//" | sort | tr "\\n" " "'],
        {
          env: { ...subject.env, VALUE: value },
        },
      );
      const [shown = '', workspace = '', rest = ''] = (await run(spec)).text.split('|');
      expect(shown).toBe(value);
      expect(rest.split('\n')[0]).toBe(workspace);
      const names = rest.split('\n')[1] ?? '';
      expect(names).not.toMatch(/__bi|TINI|npm_|NODE|VITEST/);
    });

    it('fails in a working directory that is not there, and runs in one that is', async () => {
      expect((await run(describeAttempt('workdir', ['cat app.txt'], { workdir: 'src' }))).text).toBe('app\n');
      const { exit, text } = await run(describeAttempt('no-workdir', ['true'], { workdir: 'nowhere' }));
      expect([exit.code, text.includes('nowhere')]).toEqual([1, true]);
    });

    it('lets a program open its own output again', async () => {
      const { text } = await run(describeAttempt('reopen', ['echo out > /dev/stdout; echo err > /dev/stderr']));
      expect(text).toBe('out\nerr\n');
    });

    it('removes an attempt, also twice, and begins a new one under the same name then', async () => {
      const spec = describeAttempt('remove', ['[ ! -e left ]; touch left; echo fresh']);
      await run(spec);
      const { executor } = subject.openWorker();
      await executor.remove(spec, { again: true });
      await executor.remove(spec, { again: true });
      expect(await executor.find(spec)).toBeNull();
      expect((await run(spec)).text).toBe('fresh\n');
    });

    it('removes all of a run, also while it runs, and lists it until then', async () => {
      const other = randomUUID();
      const { executor, host } = subject.openWorker();
      await host.openRun({ runId: other, source: subject.source, attempts: [] });
      const spec = { ...describeAttempt('other', ['sleep 600']), runId: other, name: handleName(other, 'other', 1) };
      await executor.start(spec);
      // Of a run nothing is swept.
      await host.sweep();
      expect(await host.listRuns()).toContain(other);
      expect((await executor.find(spec))?.state).toBe('running');
      await host.closeRun(other);
      await host.closeRun(other);
      expect(await host.listRuns()).not.toContain(other);
      expect(await subject.openWorker().executor.find(spec)).toBeNull();
    });
  });
}

export interface Followed {
  handle: Handle;
  exit: Exit;
  /** As the executor handed it on, with marks. */
  raw: Buffer;
  /** Without marks. */
  bytes: Buffer;
  text: string;
  marks: Mark[];
}

/** Follows to the end; `onText` sees all text so far. */
export async function followAttempt(
  executor: Executor,
  handle: Handle,
  from = 0,
  onText: (text: string) => void = () => undefined,
): Promise<Omit<Followed, 'handle'>> {
  const chunks: Buffer[] = [];
  const sink = {
    async onBytes(bytes: Uint8Array) {
      chunks.push(Buffer.from(bytes));
      onText(Buffer.concat(chunks).toString('latin1'));
    },
    onGap: () => Promise.reject(new Error('a gap in the output')),
  };
  const exit = await executor.follow(handle, from, sink, new AbortController().signal);
  const raw = Buffer.concat(chunks);
  const parser = createMarkParser(NONCE, []);
  const pieces = [...parser.push(raw), ...parser.flush()];
  const bytes = Buffer.concat(pieces.flatMap((piece) => (piece.kind === 'bytes' ? [piece.bytes] : [])));
  const marks = pieces.flatMap((piece) => (piece.kind === 'mark' ? [piece.mark] : []));
  return { exit, raw, bytes, text: bytes.toString('utf8'), marks };
}

export function packFiles(files: Readonly<Record<string, string>>): Readable {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name, mode: 0o644 }, content);
  tar.finalize();
  return Readable.from(tar);
}

export async function readTar(tar: Readable): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const entries = extract();
  tar.on('error', (error) => entries.destroy(error));
  tar.pipe(entries);
  for await (const entry of entries) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(Buffer.from(chunk as Uint8Array));
    const { name, type, linkname } = entry.header;
    files[name.replace(/^\.\//, '')] = type === 'symlink' ? `-> ${linkname}` : Buffer.concat(chunks).toString('utf8');
  }
  return files;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

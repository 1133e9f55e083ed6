import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMarkParser, type Mark } from './marks.ts';
import { quoteWord, writeScripts } from './wrapper.ts';

const NONCE = '0123456789abcdef0123456789abcdef';
const SHELLS = [['dash'], ['bash', '--posix'], ['busybox', 'sh']].filter(([name]) => hasProgram(name ?? ''));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wrapper-'));
  mkdirSync(join(folder, 'work'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.each(SHELLS)('under %s', (...shell) => {
  it('prints each step between its marks and ends with its exit code', () => {
    const { status, text, marks } = runScripts(shell, ['printf one', 'echo two >&2']);
    expect(status).toBe(0);
    expect(text).toBe('onetwo\n');
    expect(marks.map(describeMark)).toEqual(['begin', 'start 1', 'end 1 0', 'start 2', 'end 2 0', 'eof 0']);
  });

  it('ends the stage with the first step that fails', () => {
    const { status, marks } = runScripts(shell, ['false', 'echo never']);
    expect(status).toBe(1);
    expect(marks.map(describeMark)).toEqual(['begin', 'start 1', 'end 1 1', 'eof 1']);
  });

  it('hands over outputs in a mark, with newlines and quotes', () => {
    const { marks } = runScripts(shell, [`printf 'a=1\\nb<<E\\nx "y"\\nE\\n' >> "$BUILDIT_OUTPUT"`]);
    expect(marks).toContainEqual({ kind: 'outputs', text: 'a=1\nb<<E\nx "y"\nE' });
  });

  it('says that outputs are in the file when they are large or hold the mark byte', () => {
    expect(runScripts(shell, ['head -c 5000 /dev/zero | tr "\\0" a >> "$BUILDIT_OUTPUT"']).marks).toContainEqual({
      kind: 'outputs-in-file',
    });
    expect(runScripts(shell, [`printf 'a=\\036' >> "$BUILDIT_OUTPUT"`]).marks).toContainEqual({
      kind: 'outputs-in-file',
    });
  });

  it('fails with a sentence when the working directory is missing', () => {
    const { status, text } = runScripts(shell, ['echo never'], 'nowhere');
    expect(status).toBe(1);
    expect(text).toContain('nowhere does not exist');
  });

  it('tells of a step that was killed', () => {
    const { status, marks } = runScripts(shell, ['kill -KILL $$', 'echo never']);
    expect(status).toBe(137);
    expect(marks.map(describeMark)).toEqual(['begin', 'start 1', 'end 1 137', 'eof 137']);
  });

  it('does nothing when it was begun before', () => {
    runScripts(shell, ['echo x']);
    expect(runScripts(shell, ['echo x'])).toMatchObject({ status: 125, text: '', marks: [] });
  });

  it('adds no variable of its own to the environment of a step', () => {
    const { text } = runScripts(shell, ['env | grep -c "^__bi" || true']);
    expect(text).toBe('0\n');
  });
});

it('quotes any text to exactly one word', () => {
  for (const text of ['', 'a b', "it's", '$x `y` "z"', 'a\nb', '-n']) {
    expect(execFileSync('sh', ['-c', `printf %s ${quoteWord(text)}`]).toString()).toBe(text);
  }
});

function runScripts(shell: readonly string[], scripts: string[], workdir = 'work') {
  const outputFile = join(folder, 'output');
  writeFileSync(outputFile, '');
  const steps = scripts.map((script, index) => ({ script, title: `t${index + 1}`, line: 1 }));
  const files = writeScripts({
    shell: ['sh', '-e'],
    steps,
    nonce: NONCE,
    folder,
    exchange: folder,
    onceFile: join(folder, `once-${Buffer.from(scripts.join()).toString('hex').slice(0, 80)}`),
    processFile: null,
    takesSecretFiles: false,
  });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const [command = 'sh', ...rest] = shell;
  const env = { PATH: process.env['PATH'], BUILDIT_OUTPUT: outputFile };
  const run = spawnSync(command, [...rest, join(folder, 'run'), join(folder, workdir)], { env });
  const parser = createMarkParser(
    NONCE,
    steps.map((step) => step.title),
  );
  const pieces = [...parser.push(run.stdout), ...parser.flush()];
  const text = pieces.map((piece) => (piece.kind === 'bytes' ? Buffer.from(piece.bytes).toString() : '')).join('');
  const marks = pieces.flatMap((piece) => (piece.kind === 'mark' ? [piece.mark] : []));
  return { status: run.status, text, marks };
}

function describeMark(mark: Mark): string {
  switch (mark.kind) {
    case 'step-start':
      return `start ${mark.step}`;
    case 'step-end':
      return `end ${mark.step} ${mark.exitCode}`;
    case 'eof':
      return `eof ${mark.exitCode}`;
    case 'begin':
    case 'outputs':
    case 'outputs-in-file':
      return mark.kind;
    case 'written':
      return `written ${mark.file}`;
    default:
      return mark satisfies never;
  }
}

function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}

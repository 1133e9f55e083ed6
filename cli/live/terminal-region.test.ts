import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CURSOR } from '../terminal/escape.ts';
import { openTerminalRegion } from './terminal-region.ts';

/** A terminal that exists only in memory; `settle` waits until it has taken all that was written. */
function openTerminal(columns: number, rows: number) {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 5_000 });
  let written = '';
  let writes = 0;
  return {
    write(text: string) {
      written += text;
      writes += 1;
      terminal.write(text);
    },
    writes: () => writes,
    written: () => written,
    resize: (width: number) => terminal.resize(width, rows),
    async read(): Promise<string[]> {
      await new Promise<void>((resolve) => terminal.write('', resolve));
      const buffer = terminal.buffer.active;
      const lines = Array.from(
        { length: buffer.length },
        (_, row) => buffer.getLine(row)?.translateToString(true) ?? '',
      );
      while (lines.at(-1) === '') lines.pop();
      return lines;
    },
  };
}

test('what is printed stands above the region, once', async () => {
  const terminal = openTerminal(40, 10);
  const region = openTerminalRegion(terminal.write, () => 40);
  region.draw(['run a', 'footer']);
  region.print(() => terminal.write('done b\r\n'));
  region.draw(['run a', 'footer 2']);
  expect(await terminal.read()).toEqual(['done b', 'run a', 'footer 2']);
  region.close();
  expect(await terminal.read()).toEqual(['done b']);
});

test('only changed lines are written again', () => {
  const terminal = openTerminal(40, 10);
  const region = openTerminalRegion(terminal.write, () => 40);
  region.draw(['same', 'old', 'footer']);
  const before = terminal.written().length;
  region.draw(['same', 'new', 'footer']);
  const after = terminal.written().slice(before);
  expect(after).toContain('new');
  expect(after).not.toContain('same');
  expect(after).not.toContain('footer');
  const writes = terminal.writes();
  region.draw(['same', 'new', 'footer']);
  expect(terminal.writes()).toBe(writes);
});

test('the cursor is hidden while it lives and shown when it ends, also twice', () => {
  const terminal = openTerminal(40, 10);
  const region = openTerminalRegion(terminal.write, () => 40);
  region.draw(['a']);
  expect(terminal.written()).toContain(CURSOR.hide);
  region.close();
  region.close();
  expect(terminal.written().split(CURSOR.show)).toHaveLength(2);
});

test('after the terminal became narrower nothing of the old region stays', async () => {
  let columns = 40;
  const terminal = openTerminal(40, 12);
  const region = openTerminalRegion(terminal.write, () => columns);
  region.print(() => terminal.write('kept\r\n'));
  region.draw(['x'.repeat(39), 'y'.repeat(39), 'footer']);
  await terminal.read();
  columns = 20;
  terminal.resize(20);
  region.draw(['x'.repeat(19), 'footer']);
  expect(await terminal.read()).toEqual(['kept', 'x'.repeat(19), 'footer']);
});

test('whatever is drawn and printed, the terminal shows all prints and the last region', async () => {
  const line = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 15 }).map((text) => `_${text.trim()}`);
  const step = fc.oneof(
    fc.record({ kind: fc.constant('draw' as const), lines: fc.array(line, { minLength: 1, maxLength: 6 }) }),
    fc.record({ kind: fc.constant('print' as const), lines: fc.array(line, { minLength: 1, maxLength: 4 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const terminal = openTerminal(20, 8);
      const region = openTerminalRegion(terminal.write, () => 20);
      const printed: string[] = [];
      let drawn: string[] = [];
      for (const { kind, lines } of steps) {
        if (kind === 'print') {
          region.print(() => terminal.write(lines.map((text) => `${text}\r\n`).join('')));
          printed.push(...lines);
          region.draw(drawn.length > 0 ? drawn : ['-']);
        } else {
          region.draw(lines);
        }
        drawn = kind === 'draw' ? lines : drawn.length > 0 ? drawn : ['-'];
      }
      expect(await terminal.read()).toEqual([...printed, ...drawn]);
    }),
    { numRuns: 60 },
  );
});

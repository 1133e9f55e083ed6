import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOSTILE, PIECES } from './hostile.fixture.ts';
import { ACCEPTED, REFUSED } from './places.fixture.ts';
import { bind, emptyFolder, execute, inFolder, runBound } from './run-script.fixture.ts';

const SHELLS = [
  { name: 'dash', command: ['dash', '-e'], file: 'sh' },
  { name: 'bash', command: ['bash', '--norc', '-e'], file: 'bash' },
  { name: 'busybox sh', command: ['busybox', 'sh', '-e'], file: 'sh' },
] as const;

const FUZZ_RUNS = Number(process.env['FUZZ_RUNS'] ?? 400);

describe.each(SHELLS)('in $name', { timeout: 180_000 }, ({ name, command, file }) => {
  const isThere = spawnSync('sh', ['-c', `command -v ${command[0]}`]).status === 0;
  const wantShell = (skip: (reason: string) => void) => {
    if (!isThere && process.env['CI'] === undefined) skip(`${name} is not installed here`);
  };

  it('a hostile value stays data in every place that is accepted', ({ skip }) => {
    wantShell(skip);
    inFolder((folder) => {
      for (const { name: place, script, print, only } of ACCEPTED) {
        if (only !== undefined && only !== file) continue;
        for (const value of HOSTILE) {
          const { stdout, stderr, files } = execute(folder, command, file, script, value);
          expect(stderr, `${place}: ${JSON.stringify(value)}`).toBe('');
          expect(stdout, `${place}: ${JSON.stringify(value)}`).toBe(print(value));
          expect(files, `${place}: ${JSON.stringify(value)}`).toEqual([]);
        }
      }
    });
  });

  it('any value stays data in every place that is accepted', ({ skip }) => {
    wantShell(skip);
    inFolder((folder) => {
      const places = ACCEPTED.filter((one) => one.only === undefined || one.only === file);
      const piece = fc.oneof(
        fc.constantFrom(...HOSTILE, '"', "'", '`', '$(', ')', '\n', '\\', '${', '}'),
        fc.string({ unit: 'binary' }),
      );
      const value = fc
        .array(piece, { maxLength: 5 })
        .map((pieces) => pieces.join('').replaceAll('\0', '').toWellFormed());
      fc.assert(
        fc.property(fc.constantFrom(...places), value, ({ script, print }, text) => {
          const { stdout, files } = execute(folder, command, file, script, text);
          expect(stdout).toBe(print(text));
          expect(files).toEqual([]);
        }),
        { numRuns: 40 },
      );
    });
  });

  it('whatever script is accepted, no value in it ever runs', ({ skip }) => {
    wantShell(skip);
    inFolder((folder) => {
      let accepted = 0;
      const holes = fc.oneof(fc.constantFrom(...ACCEPTED.map((one) => one.script)), fc.constantFrom(...REFUSED));
      const wrap = fc.constantFrom<(script: string) => string>(
        (s) => s,
        (s) => `( ${s}\n)`,
        (s) => `{ ${s}\n}`,
        (s) => `echo "$(${s}\n)"`,
        (s) => `if true; then ${s}\nfi`,
        (s) => `f() { ${s}\n}; f`,
        (s) => `{ ${s}\n} | cat`,
        (s) => `for i in 1; do ${s}\ndone`,
        (s) => `case x in *) ${s}\n;; esac`,
        (s) => `true && ${s}`,
      );
      const script = fc
        .tuple(holes, wrap, wrap, fc.constantFrom(...ACCEPTED))
        .map(([inner, first, second, after]) => `${second(first(inner))}\n${after.script}`);
      fc.assert(
        fc.property(script, fc.constantFrom(...HOSTILE), (text, value) => {
          const bound = bind(text, file, value);
          if (!bound) return;
          accepted++;
          emptyFolder(folder);
          runBound(folder, command, bound);
          expect(readdirSync(folder).filter((one) => one === 'canary')).toEqual([]);
        }),
        { numRuns: 100 },
      );
      expect(accepted).toBeGreaterThan(10);
    });
  });

  it('pieces of scripts in any order run no value', ({ skip }) => {
    wantShell(skip);
    inFolder((folder) => {
      const script = fc.array(fc.constantFrom(...PIECES), { minLength: 2, maxLength: 14 });
      fc.assert(
        fc.property(script, fc.constantFrom(...HOSTILE), (pieces, value) => {
          const text = pieces.join('');
          const bound = text.includes('@') ? bind(text, file, value) : null;
          if (!bound) return;
          emptyFolder(folder);
          runBound(folder, command, bound);
          const canary = readdirSync(folder).includes('canary');
          expect(canary, `${JSON.stringify(text)} with ${JSON.stringify(value)}`).toBe(false);
        }),
        { numRuns: FUZZ_RUNS },
      );
    });
  });
});

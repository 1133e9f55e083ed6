import { expect, it } from 'vitest';
import { REFUSED } from './places.fixture.ts';
import { bind, compileScript } from './run-script.fixture.ts';

it.each(REFUSED)('%j is refused with the variable to read instead', (script) => {
  const { plan, diagnostics } = compileScript(script, 'bash', 'x');
  expect(plan).toBeNull();
  const found = diagnostics.filter((one) => ['KDL032', 'KDL033', 'KDL043', 'KDL026', 'KDL025'].includes(one.code));
  expect(found.length).toBeGreaterThan(0);
});

it('another language is refused, with the variable to declare', () => {
  const { diagnostics } = compileScript('print("@")', 'python', 'x');
  expect(diagnostics.map(({ code, hint }) => ({ code, hint }))).toEqual([
    {
      code: 'KDL034',
      hint: 'add to the stage: env "GIT_MESSAGE" "${git.message}", and read the variable GIT_MESSAGE from its environment instead',
    },
  ]);
});

it('names of the shell stay its own', () => {
  const script = 'echo ${tag} ${run} ${stage%x} ${branch:-none} $HOME';
  expect(bind(script, 'sh', 'x')?.script).toBe(script);
});

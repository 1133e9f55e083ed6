import { expect, test } from 'vitest';
import { faultOf } from '#core/fault.ts';
import { exitOf } from '../fault/command-error.ts';
import { parseCommandLine } from './parse.ts';

function refusalOf(...argv: string[]): { exit: number | null; message: string; fix: string } {
  try {
    parseCommandLine(argv);
  } catch (thrown) {
    const fault = faultOf(thrown);
    return { exit: exitOf(thrown), message: fault?.message ?? '', fix: fault?.fix ?? '' };
  }
  throw new Error(`${argv.join(' ')} was taken`);
}

test('a command has its words and its options by their long names', () => {
  const parsed = parseCommandLine(['run', 'a.kdl', '--stage', 'x', '--stage=y', '--detach', '-o', 'json']);
  expect(parsed).toMatchObject({
    kind: 'command',
    name: 'run',
    words: ['a.kdl'],
    options: { stage: ['x', 'y'], detach: true, format: 'json', 'in-place': false, executor: null },
  });
});

test('flags of every command may stand before it', () => {
  expect(parseCommandLine(['--color', 'never', 'runs', 'list'])).toMatchObject({
    name: 'runs list',
    options: { color: 'never' },
  });
});

test('logs, cancel and retry are short for the same below runs', () => {
  expect(parseCommandLine(['logs', 'local/1', '-f'])).toMatchObject({ name: 'runs logs', options: { follow: true } });
  expect(parseCommandLine(['cancel', '@last'])).toMatchObject({ name: 'runs cancel' });
});

test('after -- everything is a word', () => {
  expect(parseCommandLine(['validate', '--', '--odd.kdl'])).toMatchObject({ words: ['--odd.kdl'] });
});

test.each([
  [['validte'], 'there is no command "validte"', 'did you mean "validate"?'],
  [['runs', 'lst'], 'there is no command "runs lst"', 'did you mean "list"?'],
  [['frobnicate'], 'there is no command "frobnicate"', 'buildit help lists what there is'],
  [['run', '--detatch'], 'buildit run has no flag "--detatch"', 'did you mean --detach?'],
  [['run', '--frobnicate'], 'buildit run has no flag "--frobnicate"', 'buildit help run lists them'],
  [['run', '--executor', 'dokcer'], '--executor does not know "dokcer"', 'did you mean "docker"?'],
  [
    ['run', '--executor'],
    '--executor needs a value',
    '--executor KIND: docker or process, instead of what the file says',
  ],
  [['run', '--detach=yes'], '--detach takes no value', 'write --detach alone'],
  [['run', 'a', 'b'], '"b" is one word too many', 'write buildit run FILE'],
  [['why', 'local/1'], 'why needs STAGE', 'write buildit why RUN STAGE'],
  [['logs', 'a', '--tail', '1', '--tail', '2'], '--tail is given twice', 'give it once'],
])('%j is refused with what to do', (argv, message, fix) => {
  expect(refusalOf(...argv)).toEqual({ exit: 2, message, fix });
});

test.each([[['--help']], [[]], [['runs']], [['runs', '--help']], [['run', '-h']], [['logs', '--help']]])(
  '%j asks for help',
  (argv) => {
    expect(parseCommandLine(argv).kind).toBe('help');
  },
);

// UI §8 lists the whole grammar; these words of it come with other parts of BuildIt.
test('a command that this build does not have does not exist', () => {
  for (const word of ['deploy', 'rollback', 'stacks', 'shell', 'import']) {
    expect(refusalOf(word).exit).toBe(2);
  }
});

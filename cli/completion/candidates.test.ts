import { expect, test } from 'vitest';
import { findCandidates } from './candidates.ts';

const wordsOf = (...words: string[]) => {
  const found = findCandidates(words);
  return found.kind === 'words' ? found.words : found;
};

test('the first word is a command, its group or a short form', () => {
  expect(wordsOf('')).toEqual(expect.arrayContaining(['run', 'runs', 'logs', 'engine', 'approve']));
});

test('a group offers its second words', () => {
  expect(wordsOf('engine', '')).toEqual(['status', 'stop', 'logs']);
});

test('a dash offers the flags of the command and of every command', () => {
  expect(wordsOf('run', '--')).toEqual(expect.arrayContaining(['--detach', '--in-place', '--color']));
});

test('the value of a flag is completed from its choices', () => {
  expect(wordsOf('run', '--executor', '')).toEqual(['docker', 'process']);
  expect(wordsOf('validate', '--format', '')).toEqual(['text', 'json', 'github', 'sarif']);
});

test('names of runs and stages are live', () => {
  expect(wordsOf('logs', '')).toEqual({ kind: 'live', names: 'run', run: null });
  expect(wordsOf('runs', 'logs', 'local/17', '')).toEqual({ kind: 'live', names: 'stage', run: 'local/17' });
  expect(wordsOf('retry', 'local/17', '--from', '')).toEqual({ kind: 'live', names: 'stage', run: 'local/17' });
});

test('a file is left to the shell', () => {
  expect(wordsOf('run', '')).toEqual([]);
});

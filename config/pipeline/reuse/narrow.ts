import type { Problems } from '../problems.ts';
import type { WordNode } from '../shape.ts';
import type { Place } from '../source.ts';
import { findWord, listWord } from '../values.ts';
import { listSecretsOf } from './secrets-of.ts';

interface Placed {
  place: Place;
}

/**
 * Permissions only narrow (LANGUAGE §8): what a template says about as whom, where, with which secrets and after whose
 * approval its stage runs, the stage that uses it may only make less. What it does not say is free.
 */
export function checkNarrowing(problems: Problems, stage: WordNode, body: WordNode): void {
  for (const word of ['user', 'environment']) checkSame(problems, stage, body, word);
  checkExecutor(problems, stage, body);
  checkLabels(problems, stage, body);
  checkSecrets(problems, stage, body);
  checkApproval(problems, stage, body);
}

function checkSame(problems: Problems, stage: WordNode, body: WordNode, word: string): void {
  const own = findWord(stage, word);
  const below = findWord(body, word);
  if (!own || !below || own.args[0]?.value === below.args[0]?.value) return;
  report(problems, own, below, `the template says which ${word}, so the stage cannot say another`);
}

/** A container has less than a process of the machine. */
function checkExecutor(problems: Problems, stage: WordNode, body: WordNode): void {
  const own = findWord(stage, 'executor');
  const below = findWord(body, 'executor');
  if (!own || !below || own.args[0]?.value === 'docker' || own.args[0]?.value === below.args[0]?.value) return;
  report(problems, own, below, 'the template runs in a container, so the stage cannot leave it');
}

/** Fewer machines have more labels. */
function checkLabels(problems: Problems, stage: WordNode, body: WordNode): void {
  const [own] = listWord(stage, 'runs-on');
  const [below] = listWord(body, 'runs-on');
  if (!own || !below) return;
  const labels = listWord(stage, 'runs-on').flatMap((node) => node.args.map(({ value }) => value));
  const wanted = listWord(body, 'runs-on').flatMap((node) => node.args.map(({ value }) => value));
  const missing = wanted.find((label) => !labels.includes(label));
  if (missing === undefined) return;
  report(
    problems,
    own,
    below,
    `the template wants machines with the label "${String(missing)}", so the stage has to say it too`,
  );
}

/** However a secret is asked for, by its word or inside a text. */
function checkSecrets(problems: Problems, stage: WordNode, body: WordNode): void {
  const allowed = listSecretsOf(body);
  const [below] = allowed;
  if (!below) return;
  for (const { name, place } of listSecretsOf(stage)) {
    if (allowed.some((one) => one.name === name)) continue;
    report(problems, { place }, below, `the template says which secrets it has, and "${name}" is none of them`);
  }
}

function checkApproval(problems: Problems, stage: WordNode, body: WordNode): void {
  const below = findWord(body, 'gate') ?? findWord(body, 'manual');
  if (!below || below.args[0]?.value === false) return;
  const gate = findWord(stage, 'gate');
  const manual = findWord(stage, 'manual');
  // `manual` over `manual` changes nothing.
  const weaker = gate ?? (manual && (below.name === 'gate' || manual.args[0]?.value === false) ? manual : null);
  if (weaker)
    report(problems, weaker, below, 'the template wants an approval, so the stage cannot say another or none');
}

function report(problems: Problems, own: Placed, below: Placed, message: string): void {
  problems.report('KDL052', own.place, message, {
    related: [{ place: below.place, message: 'the template says so here' }],
    hint: 'take it out here, or change the template',
  });
}

import type { ArtifactRule } from '#core/plan.ts';
import { readString } from './interpolate.ts';
import { checkName } from './names.ts';
import type { Problems } from './problems.ts';
import type { WordNode } from './shape.ts';
import type { Place } from './source.ts';
import { listWord, readChoice, readDuration, readFlag, readList, type Reading } from './values.ts';

/** What a stage keeps: its `artifact`s, and its `artifacts` as one with the stage's name. */
export function readArtifacts(reading: Reading, stage: WordNode, stageName: string): ArtifactRule[] {
  const { problems, scope } = reading;
  const rules: ArtifactRule[] = [];
  const names = new Map<string, Place>();
  const claim = (name: string, place: Place) => {
    const first = names.get(name);
    if (first) {
      problems.report('KDL011', place, `the artifact "${name}" is declared twice in this stage`, {
        related: [{ place: first, message: 'first declared here' }],
      });
    } else names.set(name, place);
  };
  for (const node of listWord(stage, 'artifact')) {
    const [value] = node.args;
    const name = value ? readString(problems, scope, value) : null;
    if (!value || name === null || !checkName(problems, 'artifact', 'an artifact', name, value.place)) {
      continue;
    }
    claim(name, value.place);
    const paths = readPaths(reading, node, 'path');
    if (!node.words.has('path')) {
      problems.report('KDL016', value.place, `the artifact "${name}" has no path`, {
        hint: 'add inside it: path "dist/**"',
      });
    }
    rules.push({
      name,
      paths,
      on: readChoice(reading, node, 'on', ['success', 'failure', 'always']) ?? 'success',
      expireMs: readDuration(reading, node, 'expire'),
      optional: readFlag(node, 'optional'),
    });
  }
  const short = listWord(stage, 'artifacts')[0];
  if (short) {
    claim(stageName, short.namePlace);
    const paths = readPaths(reading, stage, 'artifacts');
    if (paths.length > 0) {
      rules.push({ name: stageName, paths, on: 'success', expireMs: null, optional: false });
    }
  }
  return rules;
}

function readPaths(reading: Reading, node: WordNode, word: string): string[] {
  return readList(reading, node, word).flatMap(({ text, value }) =>
    checkWorkspacePath(reading.problems, text, value.place) ? [text.replace(/^\.\//, '')] : [],
  );
}

/** A glob that cannot leave the workspace. */
export function checkWorkspacePath(problems: Problems, path: string, place: Place): boolean {
  const isInside = path !== '' && !path.startsWith('/') && !path.split('/').includes('..');
  if (isInside && !path.includes('\0')) return true;
  problems.report('KDL014', place, `${JSON.stringify(path)} is no path inside the workspace`, {
    hint: 'write it relative to the workspace, without ..',
  });
  return false;
}

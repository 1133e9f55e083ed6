import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CODES } from '#config/pipeline/codes.ts';
import { listFaultCodes } from '../help/command.ts';

const root = join(import.meta.dirname, '..', '..');
const FOLDERS = ['core', 'config', 'workflows', 'activities', 'store', 'temporal', 'db', 'api', 'engine', 'cli'];

function listSources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /(?<!\.test|\.contract)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/\/(?:testdata|testing|fake)\//.test(path) && !path.endsWith('/testing.ts'));
}

/**
 * Codes of faults and problems as the sources write them: an object with `code:` that also
 * says what to do or whether to retry, or the code given to an error's constructor. Reasons
 * (`when-false`, `needs`) have a code too, but neither.
 */
function listUsedCodes(): Map<string, string> {
  const used = new Map<string, string>();
  for (const path of FOLDERS.flatMap(listSources)) {
    const text = readFileSync(path, 'utf8');
    for (const match of text.matchAll(/code: '([a-z][a-z0-9-]*)'/g)) {
      const around = text
        .slice(match.index, match.index + 700)
        .split('\n')
        .slice(0, 9)
        .join('\n');
      if (/retry:|fix:|NO_RETRY/.test(around)) used.set(match[1] ?? '', path);
    }
    for (const match of text.matchAll(/ProblemError\(\s*\d+,\s*'([a-z-]+)'/g)) used.set(match[1] ?? '', path);
    for (const match of text.matchAll(/(?:[Ff]ault|refuse|fail|problem)\w*\(\s*'([a-z]+(?:-[a-z]+)+)'/g)) {
      used.set(match[1] ?? '', path);
    }
  }
  return used;
}

test('every code of a fault has a page', () => {
  const pages = new Set(listFaultCodes());
  const missing = [...listUsedCodes()].filter(([code]) => !pages.has(code));
  expect(missing).toEqual([]);
});

test('every page says what happened, why, and what to do', () => {
  for (const code of listFaultCodes()) {
    const text = readFileSync(join(root, 'docs', 'faults', `${code}.md`), 'utf8');
    expect(text, code).toMatch(
      new RegExp(`^# ${code}\\n\\n.+\\n\\n## Why\\n\\n.+\\n\\n## What to do\\n\\n.+\\n$`, 's'),
    );
  }
});

test('every diagnostic has a title and an explanation', () => {
  for (const [code, entry] of Object.entries(CODES)) {
    expect(entry.title, code).not.toBe('');
    expect(entry.explanation, code).not.toBe('');
  }
});

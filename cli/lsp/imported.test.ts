import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { diagnose } from './diagnose.ts';
import { listImported } from './imported.ts';
import { readTokens } from './tokens.ts';

it('templates of imported files are known with their files, and what is wrong in one is shown at its import', () => {
  const folder = mkdtempSync(join(tmpdir(), 'buildit-lsp-'));
  mkdirSync(join(folder, 'ci'));
  writeFileSync(
    join(folder, 'ci/a.kdl'),
    'import "b.kdl"\nimport "../.buildit.kdl"\ntemplate "a" { stage { run "x" } }\n',
  );
  writeFileSync(join(folder, 'ci/b.kdl'), 'template "b" { stage { rnu "x" } }\n');
  const uri = pathToFileURL(join(folder, '.buildit.kdl')).toString();
  const text = 'import "ci/a.kdl"\nimport "../up.kdl"\nstage "s" uses="a" executor="process"\n';
  const found = listImported(uri, text, readTokens(text));
  const wrong = diagnose(uri, 'import "ci/b.kdl"\nstage "s" executor="process" { run "x" }\n');
  rmSync(folder, { recursive: true, force: true });
  expect(found.map((one) => [one.name, one.uri])).toEqual([
    ['a', pathToFileURL(join(folder, 'ci/a.kdl')).toString()],
    ['b', pathToFileURL(join(folder, 'ci/b.kdl')).toString()],
  ]);
  expect(wrong).toMatchObject([
    {
      message: expect.stringMatching(/^ci\/b\.kdl: unknown word "rnu"/),
      range: { start: { line: 0, character: 0 } },
      relatedInformation: [{ location: { uri: pathToFileURL(join(folder, 'ci/b.kdl')).toString() } }],
    },
  ]);
});

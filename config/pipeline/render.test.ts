import { expect, it } from 'vitest';
import { compile } from './compile.ts';
import { renderGithub, renderJson, renderSarif } from './render-machine.ts';
import { renderDiagnostics, summarizeDiagnostics } from './render.ts';

function check(text: string, file = '.buildit.kdl') {
  return compile({ file, text, facts: null, params: {}, executor: 'process', stages: [] }).diagnostics;
}

function frames(text: string) {
  const diagnostics = check(text);
  return renderDiagnostics(diagnostics, { texts: { '.buildit.kdl': text }, color: (_style, piece) => piece });
}

it('a frame has place, caret, second place, hint and help', () => {
  const text = `${'\n'.repeat(21)}stage "test" {\n    run "true"\n}\n${'\n'.repeat(6)}stage "build" needs="tset" {\n    run "true"\n}\n`;
  expect(frames(text)).toBe(`error[KDL012]: unknown stage "tset" in needs
  --> .buildit.kdl:31:21
   |
31 | stage "build" needs="tset" {
   |                     ^^^^^^ no stage has this name
   |
22 | stage "test" {
   |       ------ the nearest name is declared here
   = hint  did you mean "test"?
   = more  buildit help KDL012
`);
});

it('a caret stands under wide characters and behind tabs', () => {
  const text = 'stage "a" { run "日本" ;\tnope "x"; }';
  const [line = '', caret = ''] = frames(text).split('\n').slice(3);
  expect(line).toBe('1 | stage "a" { run "日本" ;    nope "x"; }');
  // 日本 takes four columns on a terminal and two characters here.
  expect(caret.indexOf('^')).toBe(line.indexOf('nope') + 2);
});

it('a text cannot drive the terminal that shows it', () => {
  const shown = frames('stage "a" { run "x"; env "\\u{1b}[2Jx" "y" }\n# \u001b[31m\u202e');
  expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
});

it('a long line is cut around its caret', () => {
  const text = `stage "a" { run "${'x'.repeat(500)}"; nope }`;
  const lines = frames(text).split('\n');
  expect(lines[3]).toMatch(/^1 \| …x+"; nope }$/);
  expect(lines[4]?.indexOf('^')).toBe(lines[3]?.indexOf('nope'));
});

it('twenty are shown, the rest is counted', () => {
  const text = Array.from({ length: 25 }, (_, index) => `nope${index}`).join('\n');
  expect(frames(text)).toMatch(/… and 6 more/);
  expect(summarizeDiagnostics(check(text))).toBe('26 errors, 0 warnings');
});

it('annotations keep a message on one line', () => {
  const line = renderGithub(check('stage "a" { run "x"; nope }', 'a,b:c.kdl'));
  expect(line).toMatch(
    /^::error file=a%2Cb%3Ac\.kdl,line=1,endLine=1,col=22,endColumn=26,title=KDL006::unknown word [^\n]*%0A[^\n]*\n$/,
  );
});

it('JSON has every diagnostic, SARIF every rule that is used', () => {
  const diagnostics = check('stage "a" { nope }');
  expect(JSON.parse(renderJson(diagnostics))).toMatchObject({ version: 1, errors: 2, diagnostics });
  const sarif = JSON.parse(renderSarif(diagnostics));
  expect(sarif.version).toBe('2.1.0');
  expect(sarif.runs[0].tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual(['KDL006', 'KDL016']);
  expect(sarif.runs[0].results[1].locations[0].physicalLocation.region).toEqual({
    startLine: 1,
    startColumn: 13,
    endLine: 1,
    endColumn: 17,
  });
});

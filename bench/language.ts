import { PassThrough } from 'node:stream';
import {
  createConnection,
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { formatFile } from '#config/format/format.ts';
import { compile } from '#config/pipeline/compile.ts';
import { LIMITS } from '#config/pipeline/guard.ts';
import { serveLanguage } from '../cli/lsp/server.ts';
import { quantile } from './quantile.ts';

/**
 * How long the language takes in a warm process, each beside its floor in the same rounds: parsing the same text as
 * JSON of the same size, which nothing that reads a text beats.
 */
const ROUNDS = Number(process.argv[2] ?? 9);
const FACTS = { git: null, trigger: 'local', pr: null, env: {} };

const check = (text: string, facts: typeof FACTS | null = null) =>
  compile({ file: 'x.kdl', text, facts, params: {}, executor: null, stages: [] });

const fifty = `pipeline "fifty"\n${Array.from({ length: 50 }, (_, index) => {
  const needs = index === 0 ? '' : ` needs="s${index - 1}"`;
  return `stage "s${index}"${needs} { image "busybox:1.37"; env "N" "${index}"; run "echo $N on \${git.branch}" }`;
}).join('\n')}\n`;

/** Not a line of it is right, and as many of them as a file may have. */
const wrong = Array.from({ length: 2_400 }, (_, index) => {
  const script = 'echo ${git.brnch}; '.repeat(2);
  return `stage "a b ${index}" imge="x" { rnu "${script}"; timeout "soon"; needs "nobody" }`;
})
  .join('\n')
  .slice(0, LIMITS.bytes);
const wrongLines = wrong.slice(0, wrong.lastIndexOf('\n'));

const lines = (count: number) =>
  Array.from({ length: count / 8 }, (_, index) => {
    const words = ['image "busybox:1.37"', 'env "A" "b"', 'timeout "5m"', 'retry limit=2 on="any"', 'run "echo one"'];
    return `// ${index}\nstage "s${index}" {\n${words.map((word) => `    ${word}\n`).join('')}}\n`;
  }).join('');

const values = Array.from({ length: 16 }, (_, index) => `"${index}"`).join(' ');
const legs = `stage "a" { image "busybox:1.37"; matrix { axis "x" ${values}; axis "y" ${values} }
    env "X" "\${matrix.x} of \${stage.name}"; run "echo \${matrix.x} \${matrix.y}"; artifact "r" { path "*.txt" } }`;

const templates = `template "t" { param "v" default="1"; stage { image "busybox:\${params.v}"; env "V" "\${params.v}"; run "echo \${params.v}" } }
${Array.from({ length: 500 }, (_, index) => `stage "s${index}" uses="t" { with "v" "${index}" }`).join('\n')}`;

const json = (text: string) => JSON.stringify(text.split('\n').map((line) => ({ line, length: line.length })));

/** An editor and the server in one process: what is left is the server's own time. */
async function openEditor(text: string) {
  const [up, down] = [new PassThrough(), new PassThrough()];
  serveLanguage(createConnection(new StreamMessageReader(up), new StreamMessageWriter(down)));
  const editor = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  editor.listen();
  await editor.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {} });
  await editor.sendNotification('initialized', {});
  const uri = 'file:///nowhere/x.kdl';
  await editor.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'kdl', version: 1, text } });
  const at = { textDocument: { uri }, position: { line: 290, character: 6 } };
  return {
    hover: () => editor.sendRequest('textDocument/hover', at),
    complete: () => editor.sendRequest('textDocument/completion', at),
    format: () =>
      editor.sendRequest('textDocument/formatting', {
        textDocument: { uri },
        options: { tabSize: 4, insertSpaces: true },
      }),
    close: () => editor.dispose(),
  };
}

const editor = await openEditor(lines(304));

const CASES: [name: string, limitMs: number | null, work: () => unknown][] = [
  ['JSON.parse, 50 stages (floor)', null, () => JSON.parse(json(fifty))],
  ['validate, 50 stages', 150, () => check(fifty)],
  ['JSON.parse, 256 KiB (floor)', null, () => JSON.parse(json(wrongLines))],
  ['diagnostics, 256 KiB that are all wrong', 2_000, () => check(wrongLines)],
  ['fmt, 1,000 lines', 1_000, () => formatFile('x.kdl', lines(1_000))],
  ['plan, 256 legs', 200, () => check(legs, FACTS)],
  ['plan, 500 stages of one template', null, () => check(templates, FACTS)],
  ['editor: hover, 304 lines', 100, editor.hover],
  ['editor: completion, 304 lines', 100, editor.complete],
  ['editor: format, 304 lines', 100, editor.format],
  ['editor: diagnostics, 304 lines', 100, () => check(lines(304))],
];

const times = new Map<string, { wall: number[]; cpu: number[] }>(CASES.map(([name]) => [name, { wall: [], cpu: [] }]));
for (let round = -1; round < ROUNDS; round++) {
  for (const [name, , work] of CASES) {
    const startedAt = performance.now();
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    const taken = performance.now() - startedAt;
    // The first round warms up.
    if (round < 0) continue;
    times.get(name)?.wall.push(taken);
    times.get(name)?.cpu.push((user + system) / 1_000);
  }
}
editor.close();

// Processor time says what a machine without other work would take.
process.stdout.write('| in a warm process | p50 | p95 | worst | processor, p50 | limit |\n|---|---|---|---|---|---|\n');
for (const [name, limitMs] of CASES) {
  const { wall = [], cpu = [] } = times.get(name) ?? {};
  const shown = [quantile(wall, 0.5), quantile(wall, 0.95), Math.max(...wall), quantile(cpu, 0.5)].map(
    (ms) => `${ms.toFixed(1)} ms`,
  );
  process.stdout.write(`| ${name} | ${shown.join(' | ')} | ${limitMs === null ? '' : `${limitMs} ms`} |\n`);
}
process.exit(0);

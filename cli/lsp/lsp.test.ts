import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMessageConnection, type MessageConnection } from 'vscode-jsonrpc/node';
import { FILE_WORD } from '#config/pipeline/words.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const URI = 'file:///repository/.buildit.kdl';

interface Reported {
  uri: string;
  version?: number;
  diagnostics: { code: string; message: string; range: unknown; severity: number; relatedInformation: unknown[] }[];
}

type Server = Awaited<ReturnType<typeof start>>;

let server: Server;
let client: MessageConnection;
let reported: Reported | null = null;
let version = 0;

/** The command in a process of its own, and a client that has said hello to it. */
async function start() {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, 'lsp'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = createMessageConnection(child.stdout, child.stdin);
  connection.onNotification('textDocument/publishDiagnostics', (params: Reported) => {
    reported = params;
  });
  connection.listen();
  const hello: unknown = await connection.sendRequest('initialize', {
    ...{ processId: process.pid, rootUri: null, capabilities: {} },
  });
  await connection.sendNotification('initialized', {});
  return { child, connection, hello };
}

beforeAll(async () => {
  server = await start();
  client = server.connection;
  const textDocument = { uri: URI, languageId: 'kdl', version, text: '' };
  await client.sendNotification('textDocument/didOpen', { textDocument });
});

afterAll(() => {
  client.dispose();
  server.child.kill();
});

test('it says what it can, and ends with 0 when it is told to', async () => {
  const { child, connection, hello } = await start();
  expect(hello).toMatchObject({
    capabilities: { hoverProvider: true, definitionProvider: true, documentFormattingProvider: true },
  });
  await connection.sendRequest('shutdown');
  const ended = new Promise((resolve) => {
    child.once('close', resolve);
  });
  await connection.sendNotification('exit');
  expect(await ended).toBe(0);
  connection.dispose();
});

/** Makes the text, without its `|`, that of the document; answers what the mark pointed at. */
async function open(marked: string) {
  const offset = marked.indexOf('|');
  const text = offset === -1 ? marked : marked.slice(0, offset) + marked.slice(offset + 1);
  version += 1;
  const contentChanges = [{ text }];
  await client.sendNotification('textDocument/didChange', { textDocument: { uri: URI, version }, contentChanges });
  const before = text.slice(0, Math.max(0, offset)).split('\n');
  return {
    textDocument: { uri: URI },
    position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
  };
}

interface Item {
  label: string;
  textEdit: { newText: string; range: unknown };
}

async function complete(marked: string): Promise<Item[]> {
  return client.sendRequest('textDocument/completion', await open(marked));
}

const labels = async (marked: string) => (await complete(marked)).map(({ label }) => label);

test('problems are reported at their places, and go when they are repaired', async () => {
  await open('stage "a" executor="process" {\n    run "x"\n}\nstage "b" executor="process" needs="aa" { run "x" }\n');
  await expect.poll(() => reported?.version).toBe(version);
  expect(reported?.diagnostics).toMatchObject([
    {
      code: 'KDL012',
      severity: 1,
      message: expect.stringContaining('did you mean "a"?'),
      range: { start: { line: 3, character: 35 }, end: { line: 3, character: 39 } },
    },
  ]);
  await open('stage "a" executor="process" { run "x" }\n');
  await expect.poll(() => reported?.version).toBe(version);
  expect(reported?.diagnostics).toEqual([]);
});

test('words are proposed where they may stand', async () => {
  expect(await labels('|')).toEqual(Object.keys(FILE_WORD.words));
  expect(await labels('sta|')).toEqual(Object.keys(FILE_WORD.words));
  expect(await labels('stage "a" {\n    ru|\n}\n')).toContain('run');
  expect(await labels('stage "a" {\n    retry {\n        |\n    }\n}\n')).toContain('backoff');
  expect(await labels('stage "a" {\n    env {\n        |\n    }\n}\n')).toEqual([]);
  expect(await labels('// |')).toEqual([]);
});

test('keys are proposed behind a node, with their equals sign', async () => {
  const items = await complete('stage "a" ti| { run "x" }');
  expect(items.find(({ label }) => label === 'timeout')?.textEdit).toEqual({
    newText: 'timeout=',
    range: { start: { line: 0, character: 10 }, end: { line: 0, character: 12 } },
  });
  expect(items.map(({ label }) => label)).not.toContain('matrix');
});

test('values are proposed: those a word allows, and names of stages and gates', async () => {
  expect(await labels('stage "a" executor="|" { run "x" }')).toEqual(['docker', 'process']);
  expect(await labels('stage "a" { image "x" pull=|')).toEqual(['missing', 'always', 'never']);
  expect(await labels('stage "a" { allow-failure |')).toEqual(['#true', '#false']);
  expect(await labels('stage "a" { run "x" }\ngate "g" { }\nstage "b" { needs "|" }')).toEqual(['a', 'g', 'b']);
  expect(await labels('stage "b" needs="|\nstage "later" { run "x" }')).toContain('later');
  const [first] = await complete('stage "a" { run "x" }\nstage "b" { needs | }');
  expect(first?.textEdit.newText).toBe('"a"');
});

test('hover explains a word at its node, at its key and at its value', async () => {
  const hover = async (marked: string): Promise<string> => {
    const answer: { contents: { value: string } } | null = await client.sendRequest(
      'textDocument/hover',
      await open(marked),
    );
    return answer?.contents.value ?? '';
  };
  expect(await hover('stage "a" { ti|meout "5m" }')).toContain('Time of one attempt.');
  expect(await hover('stage "a" ti|meout="5m" { run "x" }')).toContain('Time of one attempt.');
  expect(await hover('stage "a" timeout="5|m" { run "x" }')).toContain('Time of one attempt.');
  expect(await hover('pipeline "a" { ti|meout "5m" }')).toContain('Time of the run');
  expect(await hover('stage "a" { oth|er "5m" }')).toBe('');
});

test('the definition of a need, of a leg and of a stage in a text is found', async () => {
  const define = async (marked: string): Promise<unknown> =>
    client.sendRequest('textDocument/definition', await open(marked));
  const target = { uri: URI, range: { start: { line: 0, character: 6 }, end: { line: 0, character: 12 } } };
  expect(await define('stage "test" { run "x" }\nstage "b" needs="te|st" { run "x" }')).toEqual(target);
  expect(await define('stage "test" { run "x" }\nstage "b" { need "te|st[node=22]" on="any" }')).toEqual(target);
  expect(await define('stage "test" { run "x" }\nstage "b" { run "echo ${stages.te|st.result}" }')).toEqual(target);
  expect(await define('stage "test" { run "x" }\nstage "b" { run "te|st" }')).toBeNull();
  const template = { uri: URI, range: { start: { line: 0, character: 9 }, end: { line: 0, character: 15 } } };
  expect(await define('template "test" { stage { run "x" } }\nstage "test" uses="te|st"')).toEqual(template);
  expect(await labels('template "t" { stage { run "x" } }\nstage "a" uses="|"')).toEqual(['t']);
  expect(await labels('template "t" { stage { run "x" } }\nstage "a" needs="|"')).toEqual(['a']);
});

test('formatting answers the canonical text, and nothing for a file that does not parse', async () => {
  const format = async (text: string) =>
    client.sendRequest('textDocument/formatting', {
      ...(await open(text)),
      options: { tabSize: 4, insertSpaces: true },
    });
  expect(await format('stage "a" executor=process { run "x" } // c')).toMatchObject([
    { newText: 'stage "a" executor="process" { run "x" } // c\n' },
  ]);
  expect(await format('stage "a" {')).toEqual([]);
});

test('no offset of a broken text ends the server', async () => {
  const text = 'stage "a" needs="b { run "x\n} } /* \n gate g { approve from= } [ ( \\ /- "';
  for (let offset = 0; offset <= text.length; offset++) {
    const at = await open(`${text.slice(0, offset)}|${text.slice(offset)}`);
    for (const method of ['completion', 'hover', 'definition']) {
      await client.sendRequest(`textDocument/${method}`, at);
    }
  }
  expect(server.child.exitCode).toBeNull();
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitFacts } from '#core/plan.ts';
import { compile } from '../compile.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const REFERENCE = '${git.message}';

export function compileScript(script: string, shell: string, message: string) {
  const git: GitFacts = {
    ...{ sha: 'a'.repeat(40), shortSha: 'aaaaaaa', branch: 'main', tag: null, ref: null, message },
    ...{ author: 'Ann', base: null, dirty: false },
  };
  const text = `pipeline "p" { executor "process"; shell "${shell}" }\nstage "s" { run ${kdlString(script.replaceAll('@', REFERENCE))} }\n`;
  return compile({
    ...{ file: 'p.kdl', text, params: {}, executor: null, stages: [] },
    facts: { git, trigger: 'local', pr: null, env: {} },
  });
}

function kdlString(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `"${escaped}"`;
}

interface Bound {
  script: string;
  env: Record<string, string>;
}

export function bind(script: string, shell: string, value: string): Bound | null {
  const node = compileScript(script, shell, value).plan?.nodes[0];
  if (node?.kind !== 'stage') return null;
  const env = Object.entries(node.env).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text] as const] : [],
  );
  return { script: node.steps[0]?.script ?? '', env: Object.fromEntries(env) };
}

export function execute(folder: string, command: readonly string[], shell: string, script: string, value: string) {
  const bound = bind(script, shell, value);
  if (!bound) throw new Error(`refused: ${script} ${JSON.stringify(compileScript(script, shell, value).diagnostics)}`);
  const { stdout, stderr } = runBound(folder, command, bound);
  const files = readdirSync(folder);
  emptyFolder(folder);
  return { stdout, stderr, files };
}

export function runBound(folder: string, [program = 'sh', ...args]: readonly string[], bound: Bound) {
  return spawnSync(program, [...args, '-c', bound.script], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 10_000,
    input: '',
    env: { PATH, ...bound.env },
  });
}

export function inFolder(body: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'buildit-injection-'));
  try {
    body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Takes away what an earlier script left, so that a canary is this script's own. */
export function emptyFolder(folder: string): void {
  for (const one of readdirSync(folder)) rmSync(join(folder, one), { recursive: true, force: true });
}

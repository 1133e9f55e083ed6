import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { compile } from '#config/pipeline/compile.ts';
import type { Plan } from '#core/plan.ts';
import type { Call, Handler } from '../call.ts';
import { openRun } from '../context/open-run.ts';
import { EXIT } from '../exit.ts';
import { readGitFacts } from '../file/git-facts.ts';
import { readImportsOf } from '../file/imports.ts';
import { locateFile, type PipelineFile } from '../file/locate.ts';
import { findSourceRoot } from '../file/source-root.ts';
import type { Commands } from '../grammar/commands.ts';
import { sayDiagnostics } from '../terminal/say-diagnostics.ts';
import { type NodeState, readStates } from './node-state.ts';
import { printDot } from './print-dot.ts';
import { printMermaid } from './print-mermaid.ts';
import { printText } from './print-text.ts';
import { drawGraph } from './shape.ts';

type GraphCall = Call<Commands['graph']>;

/** `buildit graph [FILE|RUN]`: stages and gates with what they need; of a run also how each stands. */
export const handle: Handler<Commands['graph']> = async (call) => {
  const [word] = call.words;
  const isFile = word === undefined || word.endsWith('.kdl') || existsSync(resolve(call.folder, word));
  if (!isFile) {
    const { api, run } = await openRun(call, word);
    const [plan, stages] = await Promise.all([api.getPlan(run.id), api.listStages(run.id)]);
    const graph = drawGraph(plan);
    print(call, graph, readStates(graph.nodes, stages));
    return EXIT.done;
  }
  const plan = await planFile(call, locateFile(word, call.folder));
  if (plan) print(call, drawGraph(plan), new Map());
  return plan ? EXIT.done : EXIT.usage;
};

function print({ screen, format }: GraphCall, graph: ReturnType<typeof drawGraph>, states: Map<string, NodeState>) {
  switch (format) {
    case 'dot':
      screen.out(printDot(graph, states));
      break;
    case 'mermaid':
      screen.out(printMermaid(graph, states));
      break;
    default:
      screen.out(printText(graph, states, screen));
  }
}

/**
 * The plan of a file with the facts of its folder, or, where a parameter is wanted first,
 * without any. Null when the file is wrong; its problems are printed.
 */
async function planFile({ environment, screen, folder }: GraphCall, file: PipelineFile): Promise<Plan | null> {
  const { root, isGit } = findSourceRoot(file.path);
  const git = isGit ? await readGitFacts(root, environment) : null;
  const imports = readImportsOf(file, folder);
  const input = { file: file.shown, text: file.text, params: {}, executor: null, stages: [], imports };
  const { plan } = compile({ ...input, facts: { git, trigger: 'local', pr: null, env: {} } });
  if (plan) return plan;
  const open = compile({ ...input, facts: null });
  await sayDiagnostics(screen, open.diagnostics, file, open.texts);
  const known = new Set(open.plan?.nodes.map((node) => (node.kind === 'stage' ? node.stage : '')));
  known.delete('');
  const unknown = open.stageCount - known.size;
  if (open.plan && unknown > 0) {
    screen.say(`${unknown} of ${open.stageCount} stages are left out: their names are known in a run only\n`);
  }
  return open.plan;
}

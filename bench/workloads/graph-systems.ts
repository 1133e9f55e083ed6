import { connectDocker } from '#activities/executor/docker/connect.ts';
import { runByApi, runByCommand, openSandbox } from '../graph/docker.ts';
import type { Graph } from '../graph/graph.ts';
import { toKdl } from '../graph/kdl.ts';
import type { System } from '../harness/workload.ts';
import type { Engine } from './engine.ts';
import type { Scope } from './scope.ts';

export const DOCKER_ENDPOINT = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';

/** The jobs of a graph by `docker run`, as many at once as it says; one after the other where it says nothing. */
export function commandFloor(name: string, { jobs, atOnce }: Graph): System {
  return {
    ...{ name, role: 'floor', note: 'a bridge network each, its log forgotten' },
    async measure() {
      const { ms, firstLineMs } = await runByCommand(jobs, atOnce ?? 1);
      return { 'wall, ms': ms, 'first line, ms': firstLineMs };
    },
  };
}

/** The same by the engine's API, all in the network of one container that is there already. */
export async function apiFloor({ defer }: Scope, name: string, { jobs, atOnce }: Graph): Promise<System> {
  const docker = connectDocker(DOCKER_ENDPOINT);
  const sandbox = await openSandbox(docker);
  defer(() => sandbox.remove({ force: true }));
  return {
    ...{ name, role: 'floor', note: 'create, start, wait, remove; one shared network, output unread' },
    measure: async () => ({ 'wall, ms': await runByApi(docker, sandbox, jobs, atOnce ?? 1) }),
  };
}

/** `buildit run` of the graph, by an engine that runs already. */
export function warmRun(engine: Engine, graph: Graph, name = 'buildit run'): System {
  const path = engine.write(`${graph.name}.kdl`, toKdl(graph));
  const limit = graph.atOnce === null ? [] : ['--max-parallel', String(graph.atOnce)];
  return {
    ...{ name, role: 'buildit', note: 'warm engine; durable, its log kept' },
    async measure() {
      const { ms, firstLineMs } = await engine.run('run', path, ...limit);
      return { 'wall, ms': ms, 'first line, ms': firstLineMs };
    },
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTransport } from '#api/client/transport.ts';
import { uploadSnapshot } from '#api/client/upload-snapshot.ts';
import type { GitFacts } from '#core/plan.ts';
import type { TestServer } from './use-server.ts';

/** Facts of a commit, as `git log` tells them. */
export function createGitFacts(changes: Partial<GitFacts> = {}): GitFacts {
  return {
    ...{ sha: 'c0ffee0123456789c0ffee0123456789c0ffee01', shortSha: 'c0ffee0', branch: 'main', tag: null },
    ...{ ref: 'refs/heads/main', message: 'Round half up\n\nAs the law says.', author: 'Cy Lee <cy@example.org>' },
    ...{ base: null, dirty: false, ...changes },
  };
}

/** Starts a file of bo's machine in acme/shop, with an empty tree, and answers what the server does. */
export async function sendRun(
  { port, people, bo }: TestServer,
  run: { file: string; text: string; git: GitFacts | null },
): Promise<Awaited<ReturnType<TestServer['bo']>>> {
  const folder = await mkdtemp(join(tmpdir(), 'bi-sent-'));
  try {
    const transport = openTransport({
      url: `http://${port.host}:${port.port}`,
      credential: { token: async () => people.bo.bearer, renew: async () => false },
    });
    const root = await mkdtemp(join(folder, 'tree-'));
    const sent = { root, git: false, without: [], folder: join(folder, 'kept'), workspace: 'acme/shop' };
    const { digest } = await uploadSnapshot(transport, sent);
    return await bo('POST', '/runs/remote', {
      ...{ ...run, snapshot: digest, params: {}, envFile: {}, executor: null, stages: [], maxParallel: null },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

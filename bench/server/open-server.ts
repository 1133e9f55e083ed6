import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '#api/client/client.ts';
import type { EngineFile } from '#core/engine-file.ts';
import { openDatabase, type Database } from '#db/client.ts';
import { addPerson } from '#test/env/people.ts';

/** A real `buildit server` on a data folder of its own, with an owner who is signed in. */
export interface BenchServer {
  url: string;
  bearer: string;
  database: Database;
  engine(): EngineFile;
  /** One request as the owner; throws for a refusal. */
  call<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
  client: ReturnType<typeof createClient>;
  createPipeline(name: string, text: string): Promise<void>;
  stop(): Promise<void>;
}

const MAIN = '00000000-0000-7000-8000-000000000001';

export async function openServer(): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'buildit-bench-'));
  const env = {
    ...process.env,
    BUILDIT_DATA: join(folder, 'data'),
    BUILDIT_RATE_LIMIT_READS: '100000000',
    BUILDIT_RATE_LIMIT_WRITES: '100000000',
    BUILDIT_PROCESS_EXECUTOR: 'on',
    BUILDIT_WARM_BOXES: '2',
    CI: 'true',
  };
  const launcher = fileURLToPath(new URL('../../buildit', import.meta.url));
  const child = spawn(launcher, ['server', '--port', '0', '-o', 'json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const { url } = await readAnnouncement(child);
  const engine = (): EngineFile => JSON.parse(readFileSync(join(env.BUILDIT_DATA, 'engine.json'), 'utf8'));
  const database = openDatabase(engine().postgres.url, { max: 2, name: 'bench' });
  const { bearer } = await addPerson(database, 'bench', { organizationId: MAIN, role: 'owner', isOperator: true });
  const client = createClient({ url, credential: { token: async () => bearer, renew: async () => false } });
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await fetch(`${url}/api/v1/${path}`, {
      method,
      headers: { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  };
  return {
    ...{ url, bearer, database, engine, call, client },
    async createPipeline(name, text) {
      await call('POST', 'pipelines', { name, text });
    },
    async stop() {
      client.close();
      await database.end({ timeout: 1 });
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('close', resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function readAnnouncement(child: ChildProcess): Promise<{ url: string }> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    try {
      return JSON.parse(text) as { url: string };
    } catch {
      // Not whole yet.
    }
  }
  throw new Error(`the server ended before it served: ${text}`);
}

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type ContractSubject, SOURCE_FILES, testExecutor } from '../executor.contract.ts';
import { processExecutor } from './executor.ts';
import { processHost } from './host.ts';

testExecutor('process', openProcessSubject);

async function openProcessSubject(): Promise<ContractSubject> {
  const folder = await mkdtemp(join(tmpdir(), 'processes-'));
  const settings = {
    root: join(folder, 'processes'),
    snapshots: {
      async unpack(_: unknown, target: string) {
        for (const [name, content] of Object.entries(SOURCE_FILES)) {
          await mkdir(dirname(join(target, name)), { recursive: true });
          await writeFile(join(target, name), content);
        }
      },
    },
  };
  return {
    openWorker: () => ({ executor: processExecutor(settings), host: processHost(settings) }),
    image: null,
    source: { kind: 'copy', snapshot: { digest: 'd', files: 2, bytes: 20 } },
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultOf } from '#core/fault.ts';
import { canConnect } from './connect.ts';
import { choosePostgresAccount, type AccountSearch } from './postgres-account.ts';
import { prepareDatabase } from './postgres-data.ts';
import { findPostgresProgram } from './postgres-program.ts';
import { startPostgres } from './postgres-server.ts';
import { openRotatingLog } from './rotating-log.ts';

const isRoot = process.getuid?.() === 0;
const program = findPostgresProgram();
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'buildit-pg-'));
  mkdirSync(join(folder, 'data'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function search(options: Partial<AccountSearch>): AccountSearch {
  return {
    program,
    dataFolder: join(folder, 'data'),
    socketFolder: join(folder, 'run'),
    environment: process.env,
    systemFolder: join(folder, 'system'),
    ...options,
  };
}

describe('as whom Postgres runs', () => {
  it('anybody but root runs it as himself', async () => {
    const account = await choosePostgresAccount(search({ isRoot: false }));
    expect(account.kind).toBe('self');
    expect(account.wrap('postgres', ['-D', 'x'])).toEqual({ command: 'postgres', args: ['-D', 'x'] });
  });

  it('root runs it in a user namespace, where it keeps its rights to 0700 folders', async () => {
    const account = await choosePostgresAccount(search({ isRoot: true, canMapUsers: () => Promise.resolve(true) }));
    expect(account.kind).toBe('user-namespace');
    expect(account.wrap('postgres', ['-D', 'x'])).toEqual({
      command: 'unshare',
      args: ['--user', '--map-user=1000', '--map-group=1000', 'postgres', '-D', 'x'],
    });
  });

  it('data made in a namespace is not left behind silently when namespaces are refused later', async () => {
    mkdirSync(join(folder, 'data', `postgres-${program.major}`));
    const refused = search({ isRoot: true, canMapUsers: () => Promise.resolve(false) });
    const error: unknown = await choosePostgresAccount(refused).catch((thrown: unknown) => thrown);
    expect(faultOf(error)?.code).toBe('postgres-account');
  });
});

describe.skipIf(!isRoot)('where namespaces are refused (needs root)', () => {
  it('uid 65534 runs it with data and programs of its own, and the same place is found again', async () => {
    chmodSync(folder, 0o755);
    const refused = search({ isRoot: true, canMapUsers: () => Promise.resolve(false) });
    const account = await choosePostgresAccount(refused);
    expect(account.kind).toBe('nobody');
    const dataFolder = await prepareDatabase(account, program.major, process.env);
    expect(statSync(dataFolder).uid).toBe(65_534);
    const server = await startPostgres({
      account,
      version: program.version,
      dataFolder,
      environment: process.env,
      log: openRotatingLog(join(folder, 'postgres.log')),
      onSpawn: () => undefined,
      patienceMs: 10_000,
    });
    expect(await canConnect(server.address)).toBe(true);
    await server.stop();
    const again = await choosePostgresAccount({ ...refused, canMapUsers: () => Promise.resolve(true) });
    expect(again).toMatchObject({ kind: 'nobody', dataParent: account.dataParent });
  });
});

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { busyboxImage } from '#test/env/image-names.ts';
import { openStageBench, type StageBench, stepsOf } from '../../stage/testing/stage-bench.ts';
import { openDockerExecutor } from './testing/open-docker-executor.ts';

const DAEMON = '/var/run/docker.sock';

/** A daemon that goes away: a socket in front of the real one that can be shut. */
describeWith(['docker'], 'a Docker daemon that goes away', () => {
  let folder: string;
  let gate: Gate;
  let bench: StageBench;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'outage-'));
    gate = openGate(join(folder, 'docker.sock'));
    await gate.open();
  });
  afterEach(async () => {
    await gate.open();
    await bench.dispose();
    await gate.close();
    await rm(folder, { recursive: true });
  });

  async function openBench(script: string): Promise<StageBench> {
    const endpoint = `unix://${join(folder, 'docker.sock')}`;
    const instance = `test-${randomUUID()}`;
    bench = await openStageBench({
      kind: 'docker',
      image: busyboxImage,
      stages: [{ name: 'build', steps: stepsOf(script) }],
      patienceMs: 2_000,
      openExecutor: openDockerExecutor(endpoint, instance),
    });
    const { host } = bench.openWorker();
    await host.openRun({ runId: bench.runId, source: { kind: 'in-place', folder: bench.folder }, attempts: [] });
    return bench;
  }

  const waitForText = async (text: string): Promise<void> => {
    await expect.poll(async () => (await bench.readLog('build')).toString(), { timeout: 20_000 }).toContain(text);
  };

  it('and comes back costs nothing: the program goes on, the log is whole', async () => {
    await openBench('for i in 1 2 3 4 5 6 7 8 9; do echo $i; sleep 0.2; done');
    const call = bench.openWorker().run('build');
    await waitForText('2');
    await gate.shut();
    await gate.refused();
    await gate.open();
    expect(await call.result).toMatchObject({ ending: 'passed' });
    expect((await bench.readLog('build')).toString()).toBe('1\n2\n3\n4\n5\n6\n7\n8\n9\n');
  });

  it('for good ends the stage errored with the cause named, never failed', async () => {
    await openBench('echo begun; sleep 600');
    const call = bench.openWorker().run('build');
    await waitForText('begun');
    await gate.shut();
    expect(await call.result).toMatchObject({ ending: 'errored', faultCode: 'docker-unreachable', started: true });
  });

  it('before the stage starts is waited for', async () => {
    await openBench('echo ran');
    await gate.shut();
    const call = bench.openWorker().run('build');
    await gate.refused();
    await gate.open();
    expect(await call.result).toMatchObject({ ending: 'passed' });
  });
});

interface Gate {
  open(): Promise<void>;
  /** Cuts every connection and lets none through. */
  shut(): Promise<void>;
  /** Resolves once somebody was turned away. */
  refused(): Promise<void>;
  close(): Promise<void>;
}

function openGate(path: string): Gate {
  const sockets = new Set<Socket>();
  let isOpen = false;
  let refusals = 0;
  let server: Server | null = null;

  async function listen(): Promise<void> {
    // Half-open, as the daemon is: a client that has sent everything still reads.
    server = createServer({ allowHalfOpen: true }, (client) => {
      if (!isOpen) {
        refusals++;
        client.destroy();
        return;
      }
      const daemon = connect({ path: DAEMON, allowHalfOpen: true });
      for (const socket of [client, daemon]) {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => sockets.delete(socket));
      }
      client.pipe(daemon);
      daemon.pipe(client);
    });
    server.listen(path);
    await once(server, 'listening');
  }

  return {
    async open() {
      isOpen = true;
      if (server === null) await listen();
    },
    async shut() {
      isOpen = false;
      for (const socket of sockets) socket.destroy();
    },
    async refused() {
      await expect.poll(() => refusals, { timeout: 10_000 }).toBeGreaterThan(0);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server?.close();
    },
  };
}

import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { ShellInput } from '#core/shell.ts';
import { openShellOfHost, SHELLS_CHANNEL } from '#db/shell-link.ts';
import { askShell } from '#test/env/ask-shell.ts';
import { useApi } from '#test/env/use-api.ts';
import { bridgeShell } from './bridge.ts';

const HOST = 'host';

describe('a bridge to a terminal', () => {
  const use = useApi();

  test('that its person leaves before it stands opens none, and the shell is over', async () => {
    const { database } = use();
    const id = await askFor();
    const announced: string[] = [];
    const subscription = await database.listen(SHELLS_CHANNEL, (payload) => void announced.push(payload));
    const socket = new FakeSocket();
    const bridged = bridgeShell(database, { id, hostId: HOST }, socket as unknown as WebSocket);
    socket.close();
    await bridged;
    await expect.poll(() => stateOf(id)).toBe('ended');
    expect(announced).toEqual([]);
    await subscription.unlisten();
  });

  test('keeps what is typed early until the host listens, and reads no more meanwhile', async () => {
    const { database } = use();
    const id = await askFor();
    const socket = new FakeSocket();
    const bridged = bridgeShell(database, { id, hostId: HOST }, socket as unknown as WebSocket);
    socket.emit('message', Buffer.from('early'), true);
    await bridged;
    expect(socket.isPaused).toBe(true);
    const heard: ShellInput[] = [];
    const link = await openShellOfHost(database, id, { onFrame: (frame) => heard.push(frame), onCut() {} });
    await link.send({ kind: 'pong' });
    await expect.poll(() => heard).toMatchObject([{ kind: 'bytes' }]);
    await expect.poll(() => socket.isPaused).toBe(false);
    socket.close();
    await expect.poll(() => heard.at(-1)).toEqual({ kind: 'close' });
    await link.close();
  });

  const askFor = async () => (await askShell(use(), HOST)).id;

  async function stateOf(id: string) {
    const [row] = await use().database<{ state: string }[]>`SELECT state FROM shells WHERE id = ${id}`;
    return row?.state;
  }
});

/** What the bridge uses of a WebSocket. */
class FakeSocket extends EventEmitter {
  readyState: number = WebSocket.OPEN;
  isPaused = false;
  send(): void {}
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  close(): void {
    this.readyState = WebSocket.CLOSED;
    this.emit('close');
  }
}

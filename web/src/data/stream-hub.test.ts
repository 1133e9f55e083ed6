import { describe, expect, it, vi } from 'vitest';
import type { openStream, StreamConnection } from './stream-connection.ts';
import { createHub } from './stream-hub.ts';

type Handlers = Parameters<typeof openStream>[0];

function start() {
  const followed: string[][] = [];
  const locks = new Map<string, () => void>();
  let handlers: Handlers | null = null;
  const stream: StreamConnection = {
    follow: (positions) => followed.push([...positions].map(([topic, at]) => `${topic}@${at}`).toSorted()),
    hurry: vi.fn(),
    close: vi.fn(),
  };
  const hub = createHub({
    open(given) {
      handlers = given;
      return stream;
    },
    waitForLock: (name) => new Promise((resolve) => locks.set(name, resolve)),
  });
  const addTab = () => {
    const tab = { postMessage: vi.fn() };
    hub.add(tab);
    return tab;
  };
  return { hub, addTab, followed, locks, handlers: () => handlers as unknown as Handlers };
}

describe('the stream of all tabs', () => {
  it('follows what the tabs follow, from where the last of them stands', () => {
    const { hub, addTab, followed } = start();
    hub.take(addTab(), { kind: 'follow', positions: [['run:a', 7]] });
    hub.take(addTab(), {
      kind: 'follow',
      positions: [
        ['run:a', 3],
        ['run:b', 1],
      ],
    });
    expect(followed.at(-1)).toEqual(['run:a@3', 'run:b@1']);
  });

  it('forgets a tab that says that it goes, and knows it again when it comes back', () => {
    const { hub, addTab, followed, handlers } = start();
    const tab = addTab();
    hub.take(tab, { kind: 'follow', positions: [['run:a', 7]] });
    hub.take(tab, { kind: 'close' });
    expect(followed.at(-1)).toEqual([]);
    handlers().onState({ kind: 'live' });
    expect(tab.postMessage).not.toHaveBeenCalledWith({ kind: 'state', state: { kind: 'live' } });
    hub.take(tab, { kind: 'follow', positions: [['run:a', 9]] });
    expect(tab.postMessage).toHaveBeenLastCalledWith({ kind: 'state', state: { kind: 'live' } });
    expect(followed.at(-1)).toEqual(['run:a@9']);
  });

  it('forgets a tab whose lock is free: it ended without a word', async () => {
    const { hub, addTab, followed, locks } = start();
    const tab = addTab();
    hub.take(addTab(), { kind: 'follow', positions: [['run:b', 1]] });
    hub.take(tab, { kind: 'alive', lock: 'tab-1' });
    hub.take(tab, { kind: 'follow', positions: [['run:a', 7]] });
    expect(followed.at(-1)).toEqual(['run:a@7', 'run:b@1']);
    locks.get('tab-1')?.();
    await vi.waitFor(() => expect(followed.at(-1)).toEqual(['run:b@1']));
  });
});

import type { Database } from '#db/client.ts';
import { CHANNEL, parseNotification } from '#db/notify.ts';

/** Tells who listens that a topic has moved. A call may come for nothing, never too few of them. */
export interface ChangeHub {
  /** Answers how to stop listening. */
  listen(topic: string, onMoved: () => void): () => void;
  close(): Promise<void>;
}

/**
 * One connection that listens for all of the process. It connects again by itself; what was missed meanwhile is made
 * up for by telling everyone that their topic may have moved.
 */
export function openHub(database: Database): ChangeHub {
  const listeners = new Map<string, Set<() => void>>();
  const tell = (topic: string) => listeners.get(topic)?.forEach((onMoved) => onMoved());
  const subscription = database
    .listen(
      CHANNEL,
      (payload) => {
        const notification = parseNotification(payload);
        if (notification) tell(notification.topic);
      },
      () => [...listeners.keys()].forEach(tell),
    )
    // The first connection failed: said by every query, and tried again by the reader's own timer.
    .catch(() => null);
  return {
    listen(topic, onMoved) {
      const group = listeners.get(topic) ?? new Set();
      listeners.set(topic, group.add(onMoved));
      return () => {
        group.delete(onMoved);
        if (group.size === 0 && listeners.get(topic) === group) listeners.delete(topic);
      };
    },
    async close() {
      await (await subscription)?.unlisten().catch(() => {});
    },
  };
}

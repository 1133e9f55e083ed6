/** The one channel: its payload is a topic, a blank and how far the topic has come (ARCHITECTURE §5). */
export const CHANNEL = 'buildit';

/** Reads a payload; the topic may hold blanks, the position never. Null when it is none of ours. */
export function parseNotification(payload: string): { topic: string; position: number } | null {
  const blank = payload.lastIndexOf(' ');
  const position = Number(payload.slice(blank + 1));
  if (blank < 1 || !Number.isSafeInteger(position)) return null;
  return { topic: payload.slice(0, blank), position };
}

/** Topic of an attempt's log. */
export function logTopic(key: { runId: string; stage: string; attempt: number }): string {
  return `log:${key.runId}/${key.stage}/${key.attempt}`;
}

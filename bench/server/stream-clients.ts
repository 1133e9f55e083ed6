import { request, type IncomingMessage } from 'node:http';
import type { ClientMessage } from './streams.ts';

/** The clients of `streams.ts`: counts what each reads of an event whose id it is told. */
const [url = '', bearer = '', count = '0', slow = '0'] = process.argv.slice(2);
const total = Number(count);
const fast = total - Number(slow);
/** Ids of runs by the time each client has read them first. */
const heard = new Map<string, number[]>();

const tell = (message: ClientMessage) => process.send?.(message);
const answers = await openAll();
tell({ kind: 'connected', count: answers.length });

process.on('message', ({ id, at }: { id: string; at: number }) => {
  const began = Date.now();
  const timer = setInterval(() => {
    const times = heard.get(id) ?? [];
    if (times.length < fast && Date.now() - began < 20_000) return;
    clearInterval(timer);
    tell({ kind: 'heard', latencies: times.map((time) => Math.max(0, time - at)) });
  }, 5);
});

/** Not all at once: what is measured is many that are there, not many that come. */
async function openAll(): Promise<IncomingMessage[]> {
  const open: IncomingMessage[] = [];
  for (let index = 0; index < total; index += 50) {
    const batch = Array.from({ length: Math.min(50, total - index) }, (_, offset) => openOne(index + offset < fast));
    open.push(...(await Promise.all(batch)));
  }
  return open;
}

function openOne(reads: boolean): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const address = `${url}/api/v1/stream?topic=${encodeURIComponent('runs:main/main')}`;
    const asked = request(address, { agent: false, headers: { Authorization: `Bearer ${bearer}` } }, (answer) => {
      if (answer.statusCode !== 200) return reject(new Error(`a stream was answered ${answer.statusCode}`));
      resolve(answer);
      if (!reads) return answer.pause();
      const mine = new Set<string>();
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        for (const match of text.matchAll(/"object":\{"id":"([0-9a-f-]{36})"/g)) {
          const id = match[1] ?? '';
          if (mine.has(id)) continue;
          mine.add(id);
          heard.set(id, [...(heard.get(id) ?? []), Date.now()]);
        }
        text = text.slice(text.lastIndexOf('\n\n') + 1);
      });
    });
    asked.once('error', reject);
    asked.end();
  });
}

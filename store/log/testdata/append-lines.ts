/** Appends numbered lines from where the log stands until it is killed or has them all. Arguments: folder, lines. */
import { openObjectStore } from '../../object/open-object-store.ts';
import { openLogStore } from '../open-log-store.ts';

const [folder = '', count = '0'] = process.argv.slice(2);
const raw = Buffer.from(Array.from({ length: Number(count) }, (_, index) => `line ${index + 1}\n`).join(''));
const store = openLogStore({ objects: openObjectStore({ folder }) });
const writer = await store.write(
  { runId: 'run-1', stage: 'long', attempt: 1 },
  { masks: ['line 77777'], startedAt: Date.now(), onDurable: ({ bytes }) => process.send?.({ bytes }) },
);
process.send?.({ raw: writer.raw });
for (let at = writer.raw; at < raw.length; at += 4096) {
  const part = raw.subarray(at, at + 4096);
  await writer.append(part, part.length);
}
const index = await writer.end();
process.send?.({ digest: index.digest });
process.disconnect?.();

/** Removes runs, then the chunks that nobody names, until it is killed or done; tells each object it is about to remove. Arguments: folder, run ids. */
import { sweepChunks } from '../artifact/sweep-chunks.ts';
import { openObjectStore } from '../object/open-object-store.ts';
import { openRunBytes } from '../run-bytes.ts';
import { walkThrough } from '../swept.ts';

const [folder = '', ...runIds] = process.argv.slice(2);
const stored = openObjectStore({ folder });
const objects = {
  ...stored,
  async remove(key: string) {
    await new Promise((told) => process.send?.(key, told));
    await stored.remove(key);
  },
};
const bytes = openRunBytes({ objects });
for (const runId of runIds) await bytes.remove(runId);
// What removing a manifest has touched is older than this by then.
await new Promise((resolve) => setTimeout(resolve, 20));
await walkThrough(sweepChunks(objects, { graceMs: 0, isDry: false }));
process.disconnect?.();

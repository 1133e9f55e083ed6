import { LOOKS, type LogReader } from './open-log-reader.ts';
import { damagedLog } from './segment.ts';

/** Bytes `[from, to)` of a log, as far as there are any now. Holds one segment at a time. */
export async function* readBytes(
  reader: LogReader,
  folder: string,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array> {
  let position = Math.max(from, 0);
  for (let look = 1; look <= LOOKS; look++) {
    const view = await reader.view(folder);
    const end = Math.min(to, view.bytes);
    let isWhole = true;
    for (const link of view.links) {
      if (link.byteEnd <= position) continue;
      if (position >= end) break;
      const segment = await reader.load(view, link);
      if (!segment) {
        isWhole = false;
        break;
      }
      yield segment.payload.subarray(position - link.byte, end - link.byte);
      position = Math.min(link.byteEnd, end);
      look = 1;
    }
    if (isWhole) return;
  }
  throw damagedLog(folder);
}

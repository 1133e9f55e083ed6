/**
 * Gives the memory of bytes back at once, when they are all of it: V8 lets 64 MB of buffers pile up before it collects
 * them. Nobody may look at them any more.
 */
export function freeMemory({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

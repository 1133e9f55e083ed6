/**
 * Form of contents on their way to a server: for each its SHA-256 (32 bytes), its length (8 bytes, most significant
 * first) and its bytes, one after the other without an end mark.
 */
export const FRAME_HEAD_BYTES = 40;

/** @param digest 64 hexadecimal digits */
export function writeFrameHead(digest: string, bytes: number): Uint8Array {
  const head = new Uint8Array(FRAME_HEAD_BYTES);
  for (let index = 0; index < 32; index += 1) head[index] = Number.parseInt(digest.slice(index * 2, index * 2 + 2), 16);
  new DataView(head.buffer).setBigUint64(32, BigInt(bytes));
  return head;
}

export function readFrameHead(head: Uint8Array): { digest: string; bytes: number } {
  const digest = Array.from(head.subarray(0, 32), (byte) => byte.toString(16).padStart(2, '0')).join('');
  const length = new DataView(head.buffer, head.byteOffset, FRAME_HEAD_BYTES).getBigUint64(32);
  return { digest, bytes: Number(length) };
}

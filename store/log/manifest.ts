import type { Link } from './chain.ts';
import type { IndexSoFar } from './index-so-far.ts';
import { parseSegmentName } from './segment-name.ts';

/** Written last: the log is ended and will never change. */
export interface LogManifest {
  version: 1;
  bytes: number;
  /** With the last one, also when no line feed ends it. */
  lines: number;
  /** SHA-256 of the stored bytes. */
  digest: string;
  /** Bytes of the executor's stream. */
  raw: number;
  index: IndexSoFar;
  links: Link[];
}

type Row = [key: string, from: number, to: number, byte: number, byteEnd: number, line: number, lineEnd: number];

export function encodeLogManifest(manifest: LogManifest): Buffer {
  const rows = manifest.links.map((link): Row => {
    const { key, from, to, byte, byteEnd, line, lineEnd } = link;
    return [key, from, to, byte, byteEnd, line, lineEnd];
  });
  return Buffer.from(JSON.stringify({ ...manifest, links: rows }));
}

export function decodeLogManifest(bytes: Uint8Array): LogManifest {
  const kept = JSON.parse(Buffer.from(bytes).toString()) as Omit<LogManifest, 'links'> & { links: Row[] };
  const links = kept.links.map(([key, from, to, byte, byteEnd, line, lineEnd]): Link => {
    const segment = parseSegmentName(key);
    if (!segment) throw new Error(`${key} is no segment's name`);
    return { key, segment, from, to, byte, byteEnd, line, lineEnd };
  });
  return { ...kept, links };
}

import { crc32, deflateSync } from 'node:zlib';

/** So near to a colour of the table (of 255) another is taken for it: nobody sees it, and `comparePictures` counts more. */
const NEAR = 4;
const MOST_COLOURS = 256;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * A picture as a PNG with a table of colours, a third of the size of one without: grounds and lines have their very
 * colours, the edges of letters and of curves the nearest of the table. `data` is four bytes a pixel, all of them opaque.
 */
export function writeIndexed({ width, height, data }: { width: number; height: number; data: Uint8Array }): Buffer {
  const colours = new Uint32Array(width * height);
  const uses = new Map<number, number>();
  for (let at = 0; at < colours.length; at++) {
    const colour = pack(data, at * 4);
    colours[at] = colour;
    uses.set(colour, (uses.get(colour) ?? 0) + 1);
  }
  const table: number[] = [];
  const indexes = new Map<number, number>();
  for (const colour of [...uses.keys()].toSorted((a, b) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0))) {
    const nearest = findNearest(table, colour);
    const isTaken = nearest !== null && (nearest.apart <= NEAR || table.length === MOST_COLOURS);
    indexes.set(colour, isTaken ? nearest.index : table.push(colour) - 1);
  }
  // Each row begins with its filter: none.
  const rows = Buffer.alloc(height * (width + 1));
  for (const [at, colour] of colours.entries()) {
    rows[Math.floor(at / width) * (width + 1) + 1 + (at % width)] = indexes.get(colour) ?? 0;
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // Eight bits a pixel, by a table.
  head.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('PLTE', Buffer.from(table.flatMap(unpack))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function pack(data: Uint8Array, at: number): number {
  return ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0);
}

function unpack(colour: number): [number, number, number] {
  return [colour >> 16, (colour >> 8) & 0xff, colour & 0xff];
}

/** Where in the table, and how far from it in the channel that differs most; null while the table is empty. */
function findNearest(table: readonly number[], colour: number): { index: number; apart: number } | null {
  const [red, green, blue] = unpack(colour);
  let nearest: { index: number; apart: number } | null = null;
  for (const [index, other] of table.entries()) {
    const [otherRed, otherGreen, otherBlue] = unpack(other);
    const apart = Math.max(Math.abs(otherRed - red), Math.abs(otherGreen - green), Math.abs(otherBlue - blue));
    if (nearest === null || apart < nearest.apart) nearest = { index, apart };
  }
  return nearest;
}

function chunk(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

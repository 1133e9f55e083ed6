/** Header of one thing in a tar: POSIX ustar, with a pax header in front where ustar has no room. */
export interface TarHeader {
  /** Folders end in `/`. */
  name: string;
  kind: 'file' | 'folder' | 'link';
  mode: number;
  /** Seconds since epoch. */
  mtime: number;
  bytes: number;
  target: string;
}

export const TAR_BLOCK = 512;

/** Two empty blocks. */
export const TAR_END = Buffer.alloc(2 * TAR_BLOCK);

const TYPE_FLAGS = { file: '0', link: '2', folder: '5' } as const;
const PAX_FLAG = 'x';

/** Largest number in eleven octal digits: 8 GiB. */
const SIZE_MAX = 0o77777777777;

/** The blocks in front of an entry's content. */
export function encodeTarHeader(header: TarHeader): Buffer {
  const records: [string, string][] = [];
  if (!fits(header.name)) records.push(['path', header.name]);
  if (!fits(header.target)) records.push(['linkpath', header.target]);
  if (header.bytes > SIZE_MAX) records.push(['size', String(header.bytes)]);
  const own = encodeBlock(header, TYPE_FLAGS[header.kind]);
  if (records.length === 0) return own;
  const body = Buffer.concat(records.map(([key, value]) => encodeRecord(key, value)));
  const pax = { ...header, name: 'PaxHeader', target: '', mode: 0o644, bytes: body.length };
  return Buffer.concat([encodeBlock(pax, PAX_FLAG), body, padTar(body.length), own]);
}

/** What fills the last block of a content. */
export function padTar(bytes: number): Buffer {
  return Buffer.alloc((TAR_BLOCK - (bytes % TAR_BLOCK)) % TAR_BLOCK);
}

/** Plain ASCII of at most 100 bytes; all else goes to pax, where names are UTF-8 by definition. */
function fits(name: string): boolean {
  return name.length <= 100 && /^[\x20-\x7e]*$/.test(name);
}

function encodeBlock(header: TarHeader, flag: string): Buffer {
  const block = Buffer.alloc(TAR_BLOCK);
  block.write(header.name, 0, 100);
  block.write(octal(header.mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(Math.min(header.bytes, SIZE_MAX), 11), 124);
  block.write(octal(Math.max(header.mtime, 0), 11), 136);
  block.write('        ', 148);
  block.write(flag, 156);
  block.write(header.target, 157, 100);
  block.write('ustar\x0000', 257, 'latin1');
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function encodeRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length++;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

import type { Framed } from './generate.ts';

/** Bytes of the last frame an object was told in: streams of equal rights at the same place send the very same. */
const written = new WeakMap<object, { key: string; bytes: Uint8Array }>();

/** An event as it goes over the wire. JSON has no line break of its own, so a field can hold no second one. */
export function writeFrame({ event, cursor }: Framed): Uint8Array {
  if (event === null) return SIGN_OF_LIFE;
  const { event: name, ...data } = event;
  const encode = () => Buffer.from(`id: ${cursor}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  if (event.event !== 'state') return encode();
  const key = `${cursor} ${event.topic} ${event.seq}`;
  const known = written.get(event.object);
  if (known?.key === key) return known.bytes;
  const bytes = encode();
  written.set(event.object, { key, bytes });
  return bytes;
}

const SIGN_OF_LIFE = Buffer.from(':\n\n');

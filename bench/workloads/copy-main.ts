import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A file copied and hashed in one pass, which is the least an upload does: `copy-main.ts FROM TO`. */
const [from = '', to = ''] = process.argv.slice(2);
const hash = createHash('sha256');
const buffers = { highWaterMark: 2 ** 20 };
const hashing = new Transform({
  ...buffers,
  transform(chunk: Buffer, _encoding, done) {
    hash.update(chunk);
    done(null, chunk);
  },
});
await pipeline(createReadStream(from, buffers), hashing, createWriteStream(to, buffers));
process.stdout.write(`${hash.digest('hex')}\n`);

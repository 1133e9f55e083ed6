import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { listBusyboxEntries } from './busybox-entries.ts';
import { type Entry, packEntries } from './root-file-system.ts';

/** A registry of one image that Docker can pull, on 127.0.0.1 without TLS (the daemon takes that from this machine). */
export interface TestRegistry {
  /** `localhost:PORT/NAME:1` */
  ref: string;
  /** Of the manifest: what the reference means. */
  digest: string;
  /** Of both layers, as they are sent. */
  bytes: number;
  /** Lets the second halves of the layers go. */
  release(): void;
  close(): Promise<void>;
}

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const CONFIG = 'application/vnd.docker.container.image.v1+json';
const LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip';

/**
 * Serves busybox with two layers that nobody has yet, by the reading half of the OCI distribution protocol. Of each layer
 * the first half is sent, and the second one when it is released.
 */
export async function openRegistry(name: string): Promise<TestRegistry> {
  // Both larger than what the daemon gathers before it tells how far it is, and no smaller when packed.
  const salt: Entry = { kind: 'file', path: 'etc/salt', content: randomBytes(2_000_000) };
  const filler: Entry = { kind: 'file', path: 'filler', content: randomBytes(4_000_000) };
  const tars = await Promise.all([[...listBusyboxEntries(), salt], [filler]].map((list) => buffer(packEntries(list))));
  const layers = tars.map((tar) => gzipSync(tar, { level: 1 }));
  const config = Buffer.from(
    JSON.stringify({
      ...{ architecture: process.arch === 'arm64' ? 'arm64' : 'amd64', os: 'linux' },
      config: { Cmd: ['sh'], Env: ['PATH=/bin'] },
      rootfs: { type: 'layers', diff_ids: tars.map(digestOf) },
      history: tars.map(() => ({ created_by: 'test' })),
    }),
  );
  const describe = (mediaType: string, bytes: Buffer) => ({ mediaType, size: bytes.length, digest: digestOf(bytes) });
  const manifest = Buffer.from(
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType: MANIFEST },
      config: describe(CONFIG, config),
      layers: layers.map((layer) => describe(LAYER, layer)),
    }),
  );
  const held = Promise.withResolvers<void>();
  const blobs = new Map([config, ...layers].map((bytes) => [digestOf(bytes), bytes]));
  const send = async (answer: ServerResponse, type: string, bytes: Buffer, isWhole: boolean) => {
    answer.writeHead(200, {
      ...{ 'content-type': type, 'content-length': bytes.length, 'docker-content-digest': digestOf(bytes) },
      'docker-distribution-api-version': 'registry/2.0',
    });
    const half = isWhole ? bytes.length : Math.floor(bytes.length / 2);
    answer.write(bytes.subarray(0, half));
    if (!isWhole) await held.promise;
    answer.end(bytes.subarray(half));
  };
  const server = createServer((request, answer) => {
    const [, kind = '', reference = ''] = /\/(manifests|blobs)\/([^/]+)$/.exec(request.url ?? '') ?? [];
    const blob = blobs.get(reference);
    if (kind === 'manifests') void send(answer, MANIFEST, manifest, true);
    else if (blob) void send(answer, 'application/octet-stream', blob, blob === config);
    else answer.writeHead(200, { 'docker-distribution-api-version': 'registry/2.0' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ref: `localhost:${(server.address() as AddressInfo).port}/${name}:1`,
    digest: digestOf(manifest),
    bytes: layers.reduce((sum, { length }) => sum + length, 0),
    release: held.resolve,
    async close() {
      held.resolve();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

import { readFile } from 'node:fs/promises';
import type { SecretSource, TemporalSettings } from '#config/system/settings.ts';

/** What client and worker connect with; both SDK packages take the same fields. */
export interface TemporalConnection {
  address: string;
  apiKey?: string;
  tls: boolean | { serverRootCACertificate?: Buffer; clientCertPair?: { crt: Buffer; key: Buffer } };
}

/** Reads certificates and key at the moment of connecting, so that renewed files count at the next one. */
export async function readConnection(settings: TemporalSettings): Promise<TemporalConnection> {
  const [tls, apiKey] = await Promise.all([readTls(settings), settings.apiKey && readSecret(settings.apiKey)]);
  return { address: settings.address, tls, ...(apiKey === null ? {} : { apiKey }) };
}

async function readTls({ tls }: TemporalSettings): Promise<TemporalConnection['tls']> {
  if (tls === null) return false;
  const read = async (path: string | undefined | null) => (path ? readFile(path) : null);
  const [ca, crt, key] = await Promise.all([read(tls.ca), read(tls.client?.cert), read(tls.client?.key)]);
  return {
    ...(ca ? { serverRootCACertificate: ca } : {}),
    ...(crt && key ? { clientCertPair: { crt, key } } : {}),
  };
}

async function readSecret(source: SecretSource): Promise<string> {
  return source.kind === 'value' ? source.value : (await readFile(source.path, 'utf8')).trim();
}

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
  const [ca, crt, key] = await Promise.all(
    [tls.ca, tls.client?.cert, tls.client?.key].map((path) => (path ? readFile(path) : null)),
  );
  return {
    ...(ca ? { serverRootCACertificate: ca } : {}),
    ...(crt && key ? { clientCertPair: { crt, key } } : {}),
  };
}

async function readSecret(source: SecretSource): Promise<string> {
  return source.kind === 'value' ? source.value : (await readFile(source.path, 'utf8')).trim();
}

import { request as requestHttp } from 'node:http';

export interface SendOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array | object;
}

/** A request as it goes over the wire, to a unix socket or a port; an object becomes JSON. */
export async function send(
  to: { socketPath: string } | { host: string; port: number },
  path: string,
  { method = 'GET', headers = {}, body }: SendOptions = {},
): Promise<Response> {
  const isJson = typeof body === 'object' && !(body instanceof Uint8Array);
  const bytes = isJson ? JSON.stringify(body) : (body as string | Uint8Array | undefined);
  return new Promise((resolve, reject) => {
    const all = {
      ...(isJson ? { 'content-type': 'application/json' } : {}),
      ...(bytes === undefined ? {} : { 'content-length': String(Buffer.byteLength(bytes)) }),
      ...headers,
    };
    const outgoing = requestHttp({ ...to, path, method, headers: all }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () => {
        const status = answer.statusCode ?? 0;
        const isEmpty = [204, 304].includes(status);
        const known = Object.entries(answer.headersDistinct).flatMap(([name, values]) =>
          (values ?? []).map((value): [string, string] => [name, value]),
        );
        resolve(new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers: known }));
      });
    });
    outgoing.once('error', reject);
    outgoing.end(bytes);
  });
}

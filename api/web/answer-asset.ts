import type { Context } from 'hono';
import type { ApiEnvironment } from '../context.ts';
import type { Asset } from './asset.ts';

/** Answers a file in the best encoding the client takes, or 304 when it has it. */
export function answerAsset(request: Context<ApiEnvironment>, asset: Asset, headers: Record<string, string>): Response {
  const encoding = chooseEncoding(request.req.header('accept-encoding') ?? '', asset);
  const etag = `"${asset.etag}${encoding === 'identity' ? '' : `-${encoding}`}"`;
  const all = { ...headers, ETag: etag, Vary: 'Accept-Encoding' };
  const known = request.req.header('if-none-match')?.split(/\s*,\s*/) ?? [];
  if (known.includes(etag) || known.includes(`W/${etag}`)) return new Response(null, { status: 304, headers: all });
  const content = asset.encodings[encoding] ?? asset.encodings.identity;
  return new Response(request.req.method === 'HEAD' ? null : new Uint8Array(content), {
    headers: {
      ...all,
      'Content-Type': asset.type,
      'Content-Length': String(content.byteLength),
      ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
    },
  });
}

/** Of those the client names with a weight above 0 (RFC 9110 §12.5.3), the smallest that the build has. */
function chooseEncoding(accepted: string, asset: Asset): keyof Asset['encodings'] {
  const taken = new Set(
    accepted
      .split(',')
      .map((part) => /^\s*([a-z*]+)\s*(?:;\s*q=([\d.]+))?\s*$/i.exec(part))
      .flatMap((match) => (match && Number(match[2] ?? 1) > 0 ? [match[1]?.toLowerCase()] : [])),
  );
  if (asset.encodings.br && taken.has('br')) return 'br';
  if (asset.encodings.gzip && (taken.has('gzip') || taken.has('*'))) return 'gzip';
  return 'identity';
}

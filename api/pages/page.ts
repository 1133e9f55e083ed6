import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ApiEnvironment } from '../context.ts';

/** Markup whose values are escaped by the template that made it. */
export type Markup = ReturnType<typeof html>;

/** The one style sheet; its address changes with its content, so that browsers may keep it for ever. */
export const STYLE = ['../../web/src/ui/tokens.css', './pages.css']
  .map((path) => readFileSync(new URL(path, import.meta.url), 'utf8'))
  .join('');
export const STYLE_PATH = `/assets/pages-${createHash('sha256').update(STYLE).digest('hex').slice(0, 16)}.css`;

/**
 * No script at all, the one style sheet, forms to this server alone, in nobody's frame. The referrer stays within the
 * server: with `no-referrer` a browser sends forms with `Origin: null`, and then nothing tells ours from others.
 */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'Referrer-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** Answers a page. */
export function answerPage(
  request: Context<ApiEnvironment>,
  page: { title: string; body: Markup; status?: ContentfulStatusCode; headers?: Record<string, string> },
): Response | Promise<Response> {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${page.title} · BuildIt</title>
        <link rel="stylesheet" href="${STYLE_PATH}" />
      </head>
      <body>
        <main>
          <p class="brand">
            <svg viewBox="0 0 32 32" width="20" height="20" aria-hidden="true">
              <rect width="32" height="32" rx="8" fill="#4f46e5" />
              <path d="M9 10h8m-8 6h14M9 22h10" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" />
            </svg>
            BuildIt
          </p>
          <h1>${page.title}</h1>
          ${page.body}
        </main>
      </body>
    </html> `;
  return request.html(document, page.status ?? 200, { ...HEADERS, ...page.headers });
}

import { createHash } from 'node:crypto';
import type { JsonSchema, OpenApiDocument, Operation, OperationAnswer, Parameter } from './document.ts';

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h2 { margin-top: 2.5rem; border-bottom: 1px solid; padding-bottom: .25rem }
details { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 6px; margin: .5rem 0 }
summary { cursor: pointer; padding: .5rem .75rem }
details > div { padding: 0 .75rem .75rem }
code, pre { font: 13px/1.45 ui-monospace, monospace }
pre { overflow-x: auto; padding: .75rem; background: color-mix(in srgb, currentColor 8%, transparent) }
table { border-collapse: collapse; width: 100% }
td, th { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top }
.method { display: inline-block; width: 4rem; font-weight: 600 }
`;

/** Nothing but the style above may load, and nothing runs. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/** The document as a page: whole, without scripts, readable without a style too. */
export function renderDocument(document: OpenApiDocument): { html: string; policy: string } {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const parts = document.tags.map(({ name }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    const list = own.map(({ path, method, operation }) => renderOperation(document, path, method, operation));
    return `<h2 id="${escape(name)}">${escape(name)}</h2>${list.join('')}`;
  });
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) =>
      `<details id="schema-${escape(name)}"><summary><code>${escape(name)}</code></summary><div>${renderSchema(schema)}</div></details>`,
  );
  const contents = document.tags.map(({ name }) => `<a href="#${escape(name)}">${escape(name)}</a>`).join(' · ');
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>BuildIt API</title>
<style>${STYLE}</style>
<h1>BuildIt API</h1>
<p>${escape(document.info.description).replaceAll(/`([^`]+)`/g, '<code>$1</code>')}</p>
<p>The same for programs: <a href="/api/openapi.json">OpenAPI ${escape(document.openapi)}</a>.</p>
<p>${contents}</p>
${parts.join('\n')}
<h2 id="schemas">Objects</h2>
${schemas.join('\n')}
</html>
`;
  return { html, policy: POLICY };
}

function renderOperation(document: OpenApiDocument, path: string, method: string, operation: Operation): string {
  const body = Object.entries(operation.requestBody?.content ?? {}).map(
    ([type, { schema }]) => `<h4>Body, ${escape(type)}</h4>${renderSchema(schema)}`,
  );
  const answers = Object.entries(operation.responses).map(([status, answer]) =>
    renderAnswer(status, '$ref' in answer ? resolve(document, answer.$ref) : answer),
  );
  return `<details id="${escape(operation.operationId)}">
<summary><span class="method">${escape(method.toUpperCase())}</span><code>${escape(path)}</code> ${escape(operation.summary)}</summary>
<div><p>${escape(operation.description)}</p>${renderParameters(operation.parameters)}${body.join('')}
<h4>Answers</h4><table>${answers.join('')}</table></div></details>`;
}

function renderParameters(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return '';
  const rows = parameters.map(({ name, in: place, required, description, schema }) => {
    const kind = `${place}${required ? ', required' : ''}`;
    const type = description ?? JSON.stringify(schema);
    return `<tr><td><code>${escape(name)}</code></td><td>${escape(kind)}</td><td>${escape(type)}</td></tr>`;
  });
  return `<h4>Parameters</h4><table>${rows.join('')}</table>`;
}

function renderAnswer(status: string, answer: OperationAnswer): string {
  const content = Object.entries(answer.content ?? {}).map(([type, { schema }]) =>
    type === 'application/problem+json' ? '' : `<code>${escape(type)}</code>${renderSchema(schema)}`,
  );
  return `<tr><td>${escape(status)}</td><td>${escape(answer.description)}${content.join('')}</td></tr>`;
}

function resolve(document: OpenApiDocument, reference: string): OperationAnswer {
  const answer = document.components.responses[reference.replace('#/components/responses/', '')];
  if (!answer) throw new Error(`the document has no ${reference}`);
  return answer;
}

function renderSchema(schema: JsonSchema): string {
  if (Object.keys(schema).length === 0) return '';
  const text = escape(JSON.stringify(schema, null, 2)).replaceAll(
    /&quot;#\/components\/schemas\/(\w+)&quot;/g,
    '<a href="#schema-$1">$1</a>',
  );
  return `<pre>${text}</pre>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

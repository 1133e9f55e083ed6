import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { openProduct, type Product } from './product.ts';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  service: string;
}

/** A collector that keeps what it is sent (OTLP over http, JSON). */
async function startCollector(): Promise<{ server: Server; endpoint: string; spans: Span[] }> {
  const spans: Span[] = [];
  const server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const sent = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
        resourceSpans: {
          resource: { attributes: { key: string; value: { stringValue: string } }[] };
          scopeSpans: { spans: Omit<Span, 'service'>[] }[];
        }[];
      };
      for (const { resource, scopeSpans } of sent.resourceSpans) {
        const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
        spans.push(...scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, service }))));
      }
      answer.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans };
}

describeWith(['temporal'], 'traces', () => {
  let collector: Awaited<ReturnType<typeof startCollector>>;
  let product: Product;
  beforeAll(async () => {
    collector = await startCollector();
    product = openProduct();
    product.environment['OTEL_EXPORTER_OTLP_ENDPOINT'] = collector.endpoint;
  });
  afterAll(async () => {
    await product.dispose();
    collector.server.close();
  }, 60_000);

  test('a request, the workflow it starts and its activities are one trace', { timeout: 120_000 }, async () => {
    collector.spans.splice(0);
    writeFileSync(join(product.folder, 'demo.kdl'), 'stage "build" { executor "process"; run "true" }\n');
    expect(await product.run('run', 'demo.kdl')).toMatchObject({ code: 0 });
    const find = (name: string) => collector.spans.find((span) => span.name === name);
    await expect
      .poll(() => [find('POST /runs'), find('pipelineRun'), find('runStage')], { timeout: 15_000 })
      .not.toContain(undefined);
    const [request, workflow, activity] = [find('POST /runs'), find('pipelineRun'), find('runStage')];
    expect([request?.service, workflow?.service, activity?.service]).toEqual([
      ...['buildit-api', 'buildit-worker', 'buildit-worker'],
    ]);
    expect(workflow).toMatchObject({ traceId: request?.traceId, parentSpanId: request?.spanId });
    expect(activity).toMatchObject({ traceId: request?.traceId, parentSpanId: workflow?.spanId });
  });
});

import { Hono } from 'hono';
import { readHealth } from '#db/queries/health.ts';
import { listSweeps } from '#db/queries/sweeps.ts';
import { authenticating } from '../access/authenticate.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { isReady, watchReadiness } from './readiness.ts';

/** What machines ask of the process: whether it lives, whether it can work, its figures. */
export function healthRoutes(context: ApiContext): Hono<ApiEnvironment> {
  const app = new Hono<ApiEnvironment>();
  const readReadiness = watchReadiness(context);

  app.get('/health', (request) => {
    request.set('route', '/health');
    return request.json({ status: 'ok' });
  });

  app.get('/ready', async (request) => {
    request.set('route', '/ready');
    const readiness = await readReadiness();
    if (isReady(readiness)) return request.json({ status: 'ready' });
    const wrong = Object.entries(readiness).filter(([, reason]) => reason !== null);
    throw new ProblemError(503, 'not-ready', wrong.map(([part, reason]) => `${part} ${reason}`).join('; '), {
      retry: { afterMs: 1_000 },
      errors: wrong.map(([part, reason]) => ({ pointer: `/${part}`, code: 'not-ready', message: String(reason) })),
    });
  });

  const isForOperators = context.settings.metrics === 'operator';
  if (isForOperators) app.use('/metrics', authenticating(context));
  app.get('/metrics', async (request) => {
    request.set('route', '/metrics');
    if (isForOperators) {
      const principal = request.get('principal');
      if (!principal) throw new ProblemError(401, 'not-signed-in', 'figures are for operators');
      if (!principal.isOperator) throw new ProblemError(403, 'not-allowed', 'figures are for operators');
    }
    const [health, sweeps] = await Promise.all([readHealth(context.database), listSweeps(context.database)]);
    const text = context.metrics.render([
      { name: 'buildit_open_runs', help: 'Runs that have not ended.', value: health.openRuns },
      { name: 'buildit_outbox_rows', help: 'Accepted runs that are not started.', value: health.outbox },
      {
        name: 'buildit_outbox_oldest_seconds',
        help: 'How long the first of them waits.',
        value: health.outboxAgeMs / 1_000,
      },
      ...sweeps.flatMap(({ kind, removed, bytes }) => [
        { name: `buildit_swept_${kind}`, help: `Swept so far: ${kind} (docs/retention.md).`, value: removed },
        { name: `buildit_swept_${kind}_bytes`, help: 'What they held.', value: bytes },
      ]),
    ]);
    return request.body(text, 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' });
  });

  return app;
}

import type { ApiContext } from './context.ts';
import type { Route } from './route.ts';
import { artifactRoutes } from './routes/artifacts.ts';
import { commandRoutes } from './routes/commands.ts';
import { deviceRoutes } from './routes/device.ts';
import { logRoutes } from './routes/logs.ts';
import { meRoutes } from './routes/me.ts';
import { pipelineRunRoutes } from './routes/pipeline-runs.ts';
import { pipelineTextRoutes } from './routes/pipeline-texts.ts';
import { pipelineRoutes } from './routes/pipelines.ts';
import { portRoutes } from './routes/port.ts';
import { runChangeRoutes } from './routes/run-changes.ts';
import { runPartRoutes } from './routes/run-parts.ts';
import { runRoutes } from './routes/runs.ts';
import { sessionRoutes } from './routes/session.ts';
import { secretHistoryRoutes } from './routes/secret-history.ts';
import { secretRoutes } from './routes/secrets.ts';
import { streamRoutes } from './routes/stream.ts';
import { systemRoutes } from './routes/system.ts';
import { tokenRoutes } from './routes/tokens.ts';

const PARTS = [
  runRoutes,
  runPartRoutes,
  runChangeRoutes,
  pipelineRoutes,
  pipelineTextRoutes,
  pipelineRunRoutes,
  logRoutes,
  artifactRoutes,
  commandRoutes,
  streamRoutes,
  systemRoutes,
  sessionRoutes,
  meRoutes,
  deviceRoutes,
  tokenRoutes,
  portRoutes,
  secretRoutes,
  secretHistoryRoutes,
];

/** Every route of the API. */
export function listRoutes(context: ApiContext): Route[] {
  return PARTS.flatMap((createRoutes) => createRoutes(context));
}

import type { ApiContext } from './context.ts';
import type { Route } from './route.ts';
import { artifactRoutes } from './routes/artifacts.ts';
import { auditRoutes } from './routes/audit.ts';
import { commandRoutes } from './routes/commands.ts';
import { deviceRoutes } from './routes/device.ts';
import { environmentRoutes } from './routes/environments.ts';
import { groupRoutes } from './routes/groups.ts';
import { inboxRoutes } from './routes/inbox.ts';
import { incidentRoutes } from './routes/incidents.ts';
import { invitationRoutes } from './routes/invitations.ts';
import { leftoverRoutes } from './routes/leftovers.ts';
import { logRoutes } from './routes/logs.ts';
import { maintenanceRoutes } from './routes/maintenance.ts';
import { meRoutes } from './routes/me.ts';
import { memberRoutes } from './routes/members.ts';
import { oneTimeLinkRoutes } from './routes/one-time-links.ts';
import { organizationRoutes } from './routes/organizations.ts';
import { permissionRoutes } from './routes/permissions.ts';
import { pipelineCacheRoutes } from './routes/pipeline-caches.ts';
import { pipelineHistoryRoutes } from './routes/pipeline-history.ts';
import { pipelineRunRoutes } from './routes/pipeline-runs.ts';
import { pipelineTextRoutes } from './routes/pipeline-texts.ts';
import { pipelineVariableRoutes } from './routes/pipeline-variables.ts';
import { pipelineRoutes } from './routes/pipelines.ts';
import { portRoutes } from './routes/port.ts';
import { quotaRoutes } from './routes/quotas.ts';
import { roleRoutes } from './routes/roles.ts';
import { runBatchRoutes } from './routes/run-batches.ts';
import { runChangeRoutes } from './routes/run-changes.ts';
import { runComparisonRoutes } from './routes/run-comparison.ts';
import { runPartRoutes } from './routes/run-parts.ts';
import { runReportRoutes } from './routes/run-reports.ts';
import { runRoutes } from './routes/runs.ts';
import { sampleRoutes } from './routes/samples.ts';
import { searchRoutes } from './routes/search.ts';
import { secretHistoryRoutes } from './routes/secret-history.ts';
import { secretRoutes } from './routes/secrets.ts';
import { sessionRoutes } from './routes/session.ts';
import { settingRoutes } from './routes/settings.ts';
import { shellRoutes } from './routes/shells.ts';
import { snapshotRoutes } from './routes/snapshots.ts';
import { streamRoutes } from './routes/stream.ts';
import { systemRoutes } from './routes/system.ts';
import { teamMemberRoutes } from './routes/team-members.ts';
import { teamRoutes } from './routes/teams.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { workspaceMemberRoutes } from './routes/workspace-members.ts';
import { workspaceTransferRoutes } from './routes/workspace-transfers.ts';
import { workspaceRoutes } from './routes/workspaces.ts';

const PARTS = [
  // `/runs/compare` and the batches before `/runs/:run`.
  runComparisonRoutes,
  runBatchRoutes,
  runRoutes,
  runPartRoutes,
  runReportRoutes,
  shellRoutes,
  runChangeRoutes,
  pipelineRoutes,
  pipelineTextRoutes,
  pipelineCacheRoutes,
  pipelineRunRoutes,
  pipelineHistoryRoutes,
  pipelineVariableRoutes,
  groupRoutes,
  sampleRoutes,
  snapshotRoutes,
  environmentRoutes,
  webhookRoutes,
  inboxRoutes,
  searchRoutes,
  logRoutes,
  artifactRoutes,
  commandRoutes,
  streamRoutes,
  systemRoutes,
  leftoverRoutes,
  maintenanceRoutes,
  sessionRoutes,
  meRoutes,
  deviceRoutes,
  tokenRoutes,
  oneTimeLinkRoutes,
  portRoutes,
  secretRoutes,
  secretHistoryRoutes,
  organizationRoutes,
  workspaceRoutes,
  workspaceTransferRoutes,
  incidentRoutes,
  workspaceMemberRoutes,
  memberRoutes,
  invitationRoutes,
  teamRoutes,
  teamMemberRoutes,
  roleRoutes,
  permissionRoutes,
  quotaRoutes,
  settingRoutes,
  auditRoutes,
];

/** Every route of the API. */
export function listRoutes(context: ApiContext): Route[] {
  return PARTS.flatMap((createRoutes) => createRoutes(context));
}

import type { ArtifactReference } from '#core/attempt.ts';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { Plan } from '#core/plan.ts';
import type { NodeResult } from '#core/run.ts';
import { asJson, type Transaction } from '../client.ts';

/**
 * Refuses a re-run for which something is missing: the source of the run it repeats (`run-expired`), or an artifact that
 * a stage which runs again needs of one that does not (`artifact-expired`). Called while the run's number is locked.
 */
export async function refuseExpired(
  transaction: Transaction,
  run: { compiled: Plan; carried: Readonly<Record<string, NodeResult>> },
  runId: string,
): Promise<void> {
  const [row] = await transaction<{ label: string; expiredAt: string | null }[]>`
    SELECT label, expired_at FROM runs WHERE id = ${runId}`;
  if (row?.expiredAt) {
    throw new FaultError({
      code: 'run-expired',
      message: `What ${row.label} began from and left was kept until ${row.expiredAt.slice(0, 10)}`,
      fix: 'Start a new run: runs are kept for as long as the workspace says',
      retry: NO_RETRY,
    });
  }
  const needed = listNeeded(run.compiled, run.carried);
  if (needed.length === 0) return;
  const keys = needed.map(({ reference }) => reference.manifest.key);
  const [gone] = await transaction<{ key: string; removedAt: string }[]>`
    SELECT reference->'manifest'->>'key' AS key, removed_at FROM artifacts
    WHERE run_id IN ${transaction([...new Set(needed.map(({ reference }) => reference.runId))])}
      AND removed_at IS NOT NULL
      AND reference->'manifest'->>'key' IN (SELECT json_array_elements_text(${asJson(transaction, keys)}::json))
    LIMIT 1`;
  const lost = needed.find(({ reference }) => reference.manifest.key === gone?.key);
  if (!gone || !lost) return;
  throw new FaultError({
    code: 'artifact-expired',
    message: `${lost.stage} needs the artifact ${lost.reference.name} of ${lost.source}, which expired on ${gone.removedAt.slice(0, 10)}`,
    fix: `Run again what makes it: buildit retry ${row?.label ?? runId} --from ${lost.source}`,
    retry: NO_RETRY,
  });
}

/** Artifacts of results that stand, which stages that run again begin with. */
function listNeeded(
  plan: Plan,
  carried: Readonly<Record<string, NodeResult>>,
): { stage: string; source: string; reference: ArtifactReference }[] {
  return plan.nodes.flatMap((node) => {
    if (node.kind === 'gate' || Object.hasOwn(carried, node.name)) return [];
    return node.artifactsFrom.flatMap((source) =>
      (carried[source]?.artifacts ?? []).map((reference) => ({ stage: node.name, source, reference })),
    );
  });
}

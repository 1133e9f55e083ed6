import type { NativeConnection } from '@temporalio/worker';

/** Resolves when Temporal answers within `limitMs`; rejects when it does not. */
export async function contactTemporal(connection: NativeConnection, limitMs: number): Promise<void> {
  await connection.withDeadline(Date.now() + limitMs, () => connection.workflowService.getSystemInfo({}));
}

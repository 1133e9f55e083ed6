/**
 * Deterministic names of what an attempt creates in a runtime: run, stage (leg), attempt
 * (ARCHITECTURE §3.1). Made of [a-z0-9-] so that every runtime takes it; a leg's name is
 * shortened and made unique by a hash.
 */
export function handleName(runId: string, stage: string, attempt: number): string {
  const readable = stage
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 24);
  return `bi-${runId}-${readable}-${hash32(stage)}-${attempt}`;
}

/** Workflow id of a run. */
export function runWorkflowId(runId: string): string {
  return `run/${runId}`;
}

/** Workflow id of the lock of a concurrency group: one for each group of a workspace. */
export function lockWorkflowId(workspace: string, group: string): string {
  const readable = group.replaceAll(/[^\w.:@/+-]/g, '_').slice(0, 100);
  return `lock/${workspace}/${readable}${readable === group ? '' : `~${hash32(group)}`}`;
}

/** `local/17`, `local/17.2`, `shop-api#142.2` are made of these two. */
export function numberLabel(number: number, attempt: number): string {
  return attempt > 1 ? `${number}.${attempt}` : String(number);
}

/** FNV-1a, 8 hex digits: only to keep shortened names apart, never for security. */
function hash32(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

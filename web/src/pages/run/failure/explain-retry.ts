import { formatDuration } from '#core/duration.ts';
import type { RetryRule } from '#core/plan.ts';
import type { AttemptObject } from '#core/rest.ts';

const KINDS: Readonly<Record<string, string>> = { failed: 'failed', 'timed-out': 'timeout', errored: 'infra' };

/** Which retry rule was applied, or why none was (LANGUAGE §4: the first that matches decides, each counts its own). */
export function explainRetry(attempts: readonly AttemptObject[], rules: readonly RetryRule[]): string {
  const [made, last] = [attempts.length, attempts.at(-1)];
  if (!last) return 'no attempt was made';
  if (rules.length === 0) return made > 1 ? `${made} attempts were made` : 'no retry rule';
  const rule = rules.find((one) => concerns(one, last));
  if (!rule) return `no retry rule applied (${rules.map(describeRule).join('; ')})`;
  if (made > 1) return `${made} attempts were made, by the rule: retry on ${describeRule(rule)}`;
  const missing = rule.logMatch === null ? '' : ': its pattern was not in the log';
  return `no retry rule applied (${describeRule(rule)}${missing})`;
}

/** As far as the attempt tells; whether its log matched is not kept with it. */
function concerns({ on, exit }: RetryRule, { status, exitCode }: AttemptObject): boolean {
  const kind = status.kind === 'ended' ? KINDS[status.ending] : undefined;
  if (on !== 'any' && on !== kind) return false;
  return exit.length === 0 || (exitCode !== null && exit.includes(exitCode));
}

function describeRule({ on, exit, limit, backoffMs }: RetryRule): string {
  const codes = exit.length === 0 ? '' : ` with exit ${exit.join(' or ')}`;
  return `${on}${codes}, up to ${limit}, after ${formatDuration(backoffMs)}`;
}

import type { InboxRun } from '#core/rest-inbox.ts';
import { STATUS_LOOKS } from '../../ui/status-look.ts';

/** How a run stands, on which branch and by whom: `Failed: stage test exited 1 · main · started by ann`. */
export function describeRun({ status, subject, branch, startedBy, attempt }: InboxRun): string {
  const parts = [
    describeStatus(status),
    subject,
    branch,
    attempt > 1 ? `attempt ${attempt}` : null,
    `by ${nameOf(startedBy)}`,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

function describeStatus(status: InboxRun['status']): string {
  switch (status.kind) {
    case 'ended': {
      const { word } = STATUS_LOOKS[status.ending === 'soft-failed' ? 'passed-with-warnings' : status.ending];
      return status.reason ? `${word}: ${status.reason.message}` : word;
    }
    case 'waiting':
    case 'paused':
      return status.reason.message;
    case 'queued':
      return status.reason?.message ?? STATUS_LOOKS.queued.word;
    case 'running':
    case 'cancelling':
      return STATUS_LOOKS[status.kind].word;
    default:
      return status satisfies never;
  }
}

/** `user:ann` is Ann to people, `token:ci` stays what it is. */
export function nameOf(actor: string): string {
  return actor.startsWith('user:') ? actor.slice('user:'.length) : actor;
}

import type { Reason } from '#core/attempt.ts';

export interface ReasonLink {
  label: string;
  href: string;
}

/**
 * The runs a reason names, as ways to them: who has the place that is waited for, who came instead, which run a stage
 * has started (workflows/pipeline-run/turns.ts, child.ts). `base` is the address of the workspace.
 */
export function listReasonLinks({ code, values = {} }: Reason, base: string): ReasonLink[] {
  const { by, byRun, run, label, holders } = values;
  switch (code) {
    case 'superseded':
      return byRun ? [{ label: by ?? byRun, href: `/r/${byRun}` }] : [];
    case 'child-run':
      return run ? [{ label: label ?? run, href: `/r/${run}` }] : [];
    case 'concurrency':
      return (holders?.split(', ') ?? []).flatMap((holder) => linkHolder(holder, base));
    default:
      return [];
  }
}

/** `shop-api#142.2 deploy`: a holder is named by the label of its run, and a group is of one workspace. */
function linkHolder(holder: string, base: string): ReasonLink[] {
  const found = /^(?<pipeline>.+)#(?<number>\d+(?:\.\d+)?)(?: .*)?$/.exec(holder)?.groups;
  if (!found) return [];
  const { pipeline = '', number = '' } = found;
  return [{ label: `${pipeline}#${number}`, href: `${base}/pipelines/${encodeURIComponent(pipeline)}/runs/${number}` }];
}

/** What `describeNoRunner` says, and the command at its end (core/runner.ts). */
export function splitCommand({ message }: Reason): { text: string; command: string | null } {
  const [text = '', command = null] = message.split('; start one: ');
  return { text, command };
}

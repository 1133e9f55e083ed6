import { Link } from 'wouter';
import type { Reason } from '#core/attempt.ts';
import { NO_RUNNER } from '#core/runner.ts';
import { useWorkspace } from '../../app/place.ts';
import { listReasonLinks, splitCommand } from './reason-links.ts';

/** A reason in the server's words, with ways to the runs it names. A command in it stands where the log would be. */
export function ReasonText({ reason }: { reason: Reason }) {
  const { base } = useWorkspace();
  return (
    <>
      {reason.code === NO_RUNNER ? splitCommand(reason).text : reason.message}
      {listReasonLinks(reason, base).map(({ label, href }) => (
        <span key={href}>
          {' · '}
          <Link href={href} className="underline">
            {label}
          </Link>
        </span>
      ))}
    </>
  );
}

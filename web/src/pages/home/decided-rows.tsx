import { ThumbsDown, ThumbsUp } from 'lucide-react';
import { Link } from 'wouter';
import type { InboxDecision } from '#core/rest-inbox.ts';
import { describeActor } from '../../data/describe-cause.ts';
import { Age } from '../../ui/moment.tsx';
import { WorkspaceName } from './workspace-name.tsx';

/** What was decided last, by anybody: what one sees who has nothing to do. */
export function DecidedRows({ decided }: { decided: readonly InboxDecision[] }) {
  if (decided.length === 0) return null;
  return (
    <>
      <h3 className="border-t border-subtle px-4 pt-3 pb-1 text-12 font-medium text-2">Last decisions</h3>
      <ul aria-label="Last decisions" className="pb-2">
        {decided.map(({ gate, verdict, by, at, label, url, workspace }) => {
          const isApproved = verdict === 'approve';
          const Icon = isApproved ? ThumbsUp : ThumbsDown;
          return (
            <li key={`${url} ${gate} ${by} ${at}`} className="flex min-h-9 items-center gap-3 px-4 text-13">
              <span data-hue={isApproved ? 'success' : 'error'} className="text-hue">
                <Icon size={16} aria-hidden />
              </span>
              <span className="min-w-0 flex-1 truncate text-2">
                <WorkspaceName path={workspace} />
                {describeActor(by)} {isApproved ? 'approved' : 'rejected'}{' '}
                <Link href={url} className="font-medium text-1">
                  {gate} of {label}
                </Link>
              </span>
              <span className="text-12 text-2">
                <Age at={at} />
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}

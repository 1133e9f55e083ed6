import { CircleAlert, RotateCw } from 'lucide-react';
import { use, type ReactNode } from 'react';
import { Button } from './button.tsx';
import { describeFailure, problemOf } from './describe-failure.ts';
import { ProblemHelpContext } from './problem-help.ts';

/** In place of what could not be had: what, cause, hint, code, request, and Retry. */
export function ErrorState(props: { problem: unknown; what: string; onRetry?: () => void; children?: ReactNode }) {
  const { problem, what, onRetry, children } = props;
  const { title, hint, code, requestId } = describeFailure(problem);
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-4 py-12 text-center">
      <CircleAlert size={24} aria-hidden className="text-error" />
      <p className="text-14 font-medium text-1">{what}</p>
      <p className="max-w-120 text-13 text-2">
        {title}
        {hint ? <span className="block">{hint}</span> : null}
      </p>
      {onRetry ? (
        <Button icon={RotateCw} onClick={onRetry}>
          Retry
        </Button>
      ) : null}
      {children}
      <Help problem={problem} />
      <p className="text-12 text-3">
        <code className="font-mono">{code}</code>
        {requestId ? (
          <>
            {' · request '}
            <code className="font-mono">{requestId}</code>
          </>
        ) : null}
      </p>
    </div>
  );
}

/** A refusal beside what was refused: in a form, a dialog, above old data. */
export function InlineProblem({ problem, onRetry }: { problem: unknown; onRetry?: () => void }) {
  const { title, hint, code, requestId } = describeFailure(problem);
  return (
    <div
      role="alert"
      data-hue="error"
      className="flex items-start gap-2 rounded-6 border border-error bg-hue-tint px-3 py-2 text-13 text-1"
    >
      <CircleAlert size={16} aria-hidden className="mt-0.5 shrink-0 text-error" />
      <div className="min-w-0 flex-1">
        <p>{title}</p>
        {hint ? <p className="text-2">{hint}</p> : null}
        <p className="text-12 text-2">
          <code className="font-mono">{code}</code>
          {requestId ? ` · request ${requestId}` : ''}
        </p>
        <Help problem={problem} />
      </div>
      {onRetry ? (
        <Button size="dense" onClick={onRetry}>
          Retry
        </Button>
      ) : null}
    </div>
  );
}

function Help({ problem: thrown }: { problem: unknown }) {
  const help = use(ProblemHelpContext);
  const problem = problemOf(thrown);
  return problem === null ? null : help(problem);
}

import type { Problem } from '#core/rest.ts';
import { ProblemError } from '../../../ui/describe-failure.ts';
import { InlineProblem } from '../../../ui/error-state.tsx';

/** Why a dry run was refused that no field is to blame for, with every place of the file that says so. */
export function Refusal({ problem }: { problem: Problem }) {
  const wrong = (problem.diagnostics ?? []).filter(({ severity }) => severity === 'error');
  return (
    <>
      <InlineProblem problem={new ProblemError(problem)} />
      {wrong.length > 0 ? (
        <ul className="flex flex-col gap-1 text-13 text-2">
          {wrong.map(({ code, file, message, hint, span: { start } }, index) => (
            <li key={index}>
              <code className="font-mono text-12 break-all">
                {file}:{start.line} {code}
              </code>{' '}
              {message}
              {hint ? <span className="block text-12 text-3">{hint}</span> : null}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}

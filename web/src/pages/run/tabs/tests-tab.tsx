import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import type { TestResultObject } from '#core/rest-tests.ts';
import type { Page, RunObject } from '#core/rest.ts';
import { TEST_OUTCOMES, type TestOutcome } from '#core/test-report.ts';
import { get } from '../../../data/http.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { AfterAMoment, SkeletonRows } from '../../../ui/skeleton.tsx';
import { TestRow } from './test-row.tsx';
import { useRunPart } from './use-run-part.ts';

const WORDS: Record<TestOutcome, string> = {
  failed: 'Failed',
  errored: 'Errored',
  passed: 'Passed',
  skipped: 'Skipped',
};
const FAILING_FIRST = TEST_OUTCOMES.toSorted((one, other) => rank(one) - rank(other));

function rank(outcome: TestOutcome): number {
  return ['failed', 'errored', 'passed', 'skipped'].indexOf(outcome);
}

/** Results of the tests of a run, failing ones first; of one stage when it is given. */
export function TestsTab({ run, stage }: { run: RunObject; stage: string | null }) {
  const lists = FAILING_FIRST.map((outcome) => ({ outcome, ...useResults(run, stage, outcome) }));
  const refused = lists.find(({ error }) => error);
  if (refused)
    return <ErrorState what="The results could not be read" problem={refused.error} onRetry={refused.retry} />;
  if (lists.some(({ items }) => items === undefined)) {
    return (
      <AfterAMoment>
        <SkeletonRows rows={8} />
      </AfterAMoment>
    );
  }
  if (lists.every(({ items }) => items?.length === 0)) {
    return (
      <EmptyState icon={FlaskConical} title="No test results" command={'report "junit" "reports/*.xml"'}>
        A stage with this line shows its results here, with what failed newly and what is flaky.
      </EmptyState>
    );
  }
  return (
    <div className="overflow-auto">
      {lists.map(({ outcome, items = [], more }) =>
        items.length === 0 ? null : (
          <section key={outcome} aria-label={WORDS[outcome]}>
            <h3 className="sticky top-0 z-10 border-b border-subtle bg-raised px-3 py-1.5 text-12 font-medium text-2">
              {WORDS[outcome]} · {items.length}
              {more ? '+' : ''}
            </h3>
            <ul>
              {items.map((result) => (
                <TestRow key={result.id} run={run} result={result} />
              ))}
            </ul>
            {more ? (
              <div className="p-2">
                <Button size="dense" isBusy={more.isBusy} onClick={more.load}>
                  Show more
                </Button>
              </div>
            ) : null}
          </section>
        ),
      )}
    </div>
  );
}

interface Results {
  items: readonly TestResultObject[] | undefined;
  error: unknown;
  retry(): void;
  /** Null when all are there. */
  more: { isBusy: boolean; load(): void } | null;
}

const FIRST = 50;
const MOST = 200;

/** Results of one outcome, page by page below each other. */
function useResults(run: RunObject, stage: string | null, outcome: TestOutcome): Results {
  const [pages, setPages] = useState(1);
  const { data, error, refetch, isPlaceholderData } = useRunPart({
    ...{ name: 'run-tests', run, of: [stage, outcome], pages },
    load: async (signal) => {
      const items: TestResultObject[] = [];
      let next: string | null = null;
      for (let page = 0; page < pages; page++) {
        const query = { outcome, stage, limit: page === 0 ? FIRST : MOST, cursor: next };
        const answer: Page<TestResultObject> = await get<Page<TestResultObject>>(`runs/${run.id}/tests`, query, signal);
        items.push(...answer.items);
        next = answer.next;
        if (next === null) break;
      }
      return { items, next };
    },
  });
  return {
    items: data?.items,
    error: data ? null : error,
    retry: () => void refetch(),
    more: data?.next ? { isBusy: isPlaceholderData, load: () => setPages(pages + 1) } : null,
  };
}

import { History, ListChecks } from 'lucide-react';
import { navigate } from 'wouter/use-browser-location';
import type { Page, RunObject } from '#core/rest.ts';
import type { Action } from '../../../actions/action.ts';
import type { RunSubject } from '../../../actions/run.ts';
import { get } from '../../../data/http.ts';
import { describeFailure } from '../../../ui/describe-failure.ts';
import { showToast } from '../../../ui/toast.tsx';

export const compareWithPrevious: Action<RunSubject> = {
  ...{ kind: 'local', id: 'run.compare-previous', icon: History },
  label: () => 'Compare with previous run',
  availability: ({ run }) => (run.number === 1 && run.attempt === 1 ? { no: 'it is the first run' } : 'yes'),
  act({ run }) {
    // The attempt before, else the last one of the number before.
    const base = run.attempt > 1 ? `${run.number}.${run.attempt - 1}` : String(run.number - 1);
    navigate(addressOfComparison(run, base));
  },
};

export const compareWithPassed: Action<RunSubject> = {
  ...{ kind: 'local', id: 'run.compare-passed', icon: ListChecks },
  label: () => 'Compare with last passed run',
  availability: () => 'yes',
  act({ run }) {
    void findLastPassed(run)
      .then((base) => {
        if (base) navigate(addressOfComparison(run, `${base.number}.${base.attempt}`));
        else showToast({ kind: 'error', text: `No run of ${run.pipeline.name} before this one has passed` });
      })
      .catch((error: unknown) => showToast({ kind: 'error', text: describeFailure(error).title }));
  },
};

async function findLastPassed(run: RunObject): Promise<Pick<RunObject, 'number' | 'attempt'> | null> {
  const query = { ending: 'passed', limit: 50, fields: 'id,number,attempt' };
  const path = `pipelines/${run.pipeline.id}/runs`;
  const { items } = await get<Page<Pick<RunObject, 'id' | 'number' | 'attempt'>>>(path, query);
  const isBefore = (other: Pick<RunObject, 'number' | 'attempt'>) =>
    other.number < run.number || (other.number === run.number && other.attempt < run.attempt);
  return items.find(isBefore) ?? null;
}

/** `~/pipelines/:p/compare?base=141&head=142.2` */
function addressOfComparison(run: RunObject, base: string): string {
  const path = run.url.replace(/\/runs\/[^/]*$/, '/compare');
  return `${path}?${new URLSearchParams({ base, head: `${run.number}.${run.attempt}` }).toString()}`;
}

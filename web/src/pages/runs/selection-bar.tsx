import { ArrowLeftRight, X } from 'lucide-react';
import type { RunObject } from '#core/rest.ts';
import { ActionButton } from '../../actions/action-button.tsx';
import { cancelRuns, rerunRuns, type RunBatch } from '../../actions/run-batch.ts';
import { useActionRunner } from '../../actions/runner.tsx';
import { useKey } from '../../app/keys.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';

/** What can be done with the runs that are chosen: two are compared, up to a hundred cancelled or run again. */
export function SelectionBar(props: { base: string; runs: readonly RunObject[]; onClear(): void }) {
  const { base, runs, onClear } = props;
  const { run: act } = useActionRunner();
  const batch: RunBatch = { id: runs.map(({ id }) => id).join(), runs, onDone: onClear };
  const isAny = runs.length > 0;
  useKey(
    isAny
      ? { keys: 'x', label: 'Cancel the chosen runs', group: 'This page', run: () => act(cancelRuns, batch) }
      : null,
  );
  useKey(
    isAny ? { keys: 'r', label: 'Re-run the chosen runs', group: 'This page', run: () => act(rerunRuns, batch) } : null,
  );
  if (!isAny) return <p className="text-12 text-3 max-lg:hidden">Space selects: to compare, cancel or run again.</p>;
  return (
    <>
      <p role="status" className="tabular text-12 text-2">
        {runs.length} selected
      </p>
      <Compare base={base} runs={runs} />
      <ActionButton action={cancelRuns} subject={batch} size="dense" />
      <ActionButton action={rerunRuns} subject={batch} size="dense" />
      <Button size="dense" variant="ghost" icon={X} onClick={onClear}>
        Clear
      </Button>
    </>
  );
}

function Compare({ base, runs }: { base: string; runs: readonly RunObject[] }) {
  const [one, two] = runs.toSorted((a, b) => a.number - b.number || a.attempt - b.attempt);
  const reason =
    runs.length !== 2 || !one || !two
      ? 'two runs are compared'
      : one.pipeline.id === two.pipeline.id
        ? null
        : 'they are of different pipelines';
  if (reason !== null || !one || !two) {
    return (
      <Button size="dense" icon={ArrowLeftRight} disabledReason={reason}>
        Compare
      </Button>
    );
  }
  const nameOf = ({ number, attempt }: RunObject) => (attempt > 1 ? `${number}.${attempt}` : `${number}`);
  const href = `${base}/pipelines/${encodeURIComponent(one.pipeline.name)}/compare?base=${nameOf(one)}&head=${nameOf(two)}`;
  return (
    <ButtonLink size="dense" icon={ArrowLeftRight} href={href}>
      Compare
    </ButtonLink>
  );
}

import { formatDuration } from '#core/duration.ts';
import type { RunObject } from '#core/rest.ts';
import { Badge } from '../../ui/badge.tsx';
import { InlineProblem } from '../../ui/error-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Hue } from '../../ui/status-look.ts';
import { compareTests, type TestChange } from './compare-tests.ts';
import { useAllTests } from './use-comparison.ts';

const LOOKS: Record<TestChange['kind'], { word: string; hue: Hue }> = {
  failing: { word: 'Fails now', hue: 'error' },
  fixed: { word: 'Fixed', hue: 'success' },
  slower: { word: 'Slower', hue: 'warning' },
};

/** Tests that came out otherwise; nothing where neither run has reported any. */
export function TestChanges({ base, head }: { base: RunObject; head: RunObject }) {
  const [before, after] = [useAllTests(base), useAllTests(head)];
  const error = before.error ?? after.error;
  if (error) return <InlineProblem problem={error} />;
  if (!before.data || !after.data || before.data.length + after.data.length === 0) return null;
  const changes = compareTests(before.data, after.data);
  return (
    <Panel title={`Tests (${before.data.length} before, ${after.data.length} after)`}>
      {changes.length === 0 ? <p className="px-4 py-3 text-13 text-2">No test of both came out otherwise.</p> : null}
      <ul className="py-1">
        {changes.map(({ kind, stage, suite, name, baseMs, headMs }) => (
          <li key={`${stage} ${suite} ${name}`} className="flex min-h-8 flex-wrap items-center gap-2 px-4 text-13">
            <Badge hue={LOOKS[kind].hue}>{LOOKS[kind].word}</Badge>
            <span className="min-w-0 flex-1 truncate" title={`${suite} ${name}`}>
              {name} <span className="text-2">{suite}</span>
            </span>
            {kind === 'slower' ? (
              <span className="tabular text-12 text-2">
                {formatDuration(baseMs ?? 0)} → {formatDuration(headMs ?? 0)}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

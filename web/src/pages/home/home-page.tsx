import { CircleCheckBig } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useSearch } from 'wouter';
import type { InboxObject } from '#core/rest-inbox.ts';
import { usePageHead } from '../../app/page.ts';
import type { FirstStepsDone } from '../../data/first-steps.ts';
import { useInbox } from '../../data/inbox.ts';
import { Count } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState, InlineProblem } from '../../ui/error-state.tsx';
import { NewerPill } from '../../ui/newer-pill.tsx';
import { Panel } from '../../ui/panel.tsx';
import { AfterAMoment, SkeletonRows } from '../../ui/skeleton.tsx';
import { DecidedRows } from './decided-rows.tsx';
import { FaultRows } from './fault-rows.tsx';
import { FirstSteps, useShownSteps } from './first-steps/first-steps.tsx';
import { BrokenRows, MyRows } from './run-rows.tsx';
import { SoonRows } from './soon-rows.tsx';
import { useShownInbox } from './use-shown-inbox.ts';
import { WaitingPanel } from './waiting-panel.tsx';

/** What needs me, what is broken now (UI §4.1). */
export default function HomePage() {
  usePageHead({ title: 'Home' });
  const { data, error, refetch } = useInbox();
  const steps = useShownSteps();
  return (
    <div className="mx-auto flex max-w-280 flex-col gap-4 p-6 max-sm:p-4">
      {/* All at once: what came later would push the rest down. */}
      {data && steps !== undefined ? (
        <>
          {error ? <InlineProblem problem={error} onRetry={() => void refetch()} /> : null}
          <Sections inbox={data} steps={steps} />
        </>
      ) : error ? (
        <ErrorState what="What needs you could not be read" problem={error} onRetry={() => void refetch()} />
      ) : (
        <AfterAMoment>
          <Panel title="Waits for me">
            <SkeletonRows rows={3} />
          </Panel>
        </AfterAMoment>
      )}
    </div>
  );
}

function Sections({ inbox, steps }: { inbox: InboxObject; steps: FirstStepsDone | null }) {
  const box = useRef<HTMLDivElement>(null);
  const { shown, newer, generation, showNewer } = useShownInbox(inbox, box);
  const { waiting, faults, broken, mine, soon, decided } = shown;
  const section = new URLSearchParams(useSearch()).get('section');
  useEffect(() => {
    // `?section=broken`, as links from elsewhere have it.
    if (section !== null) document.getElementById(section)?.scrollIntoView();
  }, [section]);
  const brokenCount = faults.length + broken.length;
  return (
    <div ref={box}>
      <NewerPill count={newer} onShow={showNewer} />
      <div key={generation} className="flex flex-col gap-4">
        {waiting.length > 0 ? <WaitingPanel waiting={waiting} /> : null}
        {brokenCount > 0 ? (
          <Panel id="broken" title={<Title text="Broken now" count={brokenCount} />}>
            <ul aria-label="Broken now">
              <FaultRows faults={faults} />
              <BrokenRows runs={broken} />
            </ul>
          </Panel>
        ) : null}
        {steps ? <FirstSteps done={steps} /> : null}
        {waiting.length === 0 && brokenCount === 0 ? (
          <Panel id="broken" title="Waits for me, broken now">
            <EmptyState icon={CircleCheckBig} title="Nothing waits for you, nothing is broken" />
            <DecidedRows decided={decided} />
          </Panel>
        ) : null}
        {mine.length > 0 ? (
          <Panel id="mine" title={<Title text="Mine, last 24 hours" count={mine.length} />}>
            <MyRows runs={mine} />
          </Panel>
        ) : null}
        {soon.length > 0 ? (
          <Panel id="soon" title={<Title text="Soon" count={soon.length} />}>
            <SoonRows soon={soon} />
          </Panel>
        ) : null}
      </div>
    </div>
  );
}

function Title({ text, count }: { text: string; count: number }) {
  return (
    <>
      {text} <Count value={count} />
    </>
  );
}

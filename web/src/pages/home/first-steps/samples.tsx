import { Play } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { SampleObject } from '#core/rest-pipelines.ts';
import { useWorkspace } from '../../../app/place.ts';
import { useRunSample } from '../../../data/samples.ts';
import { useSubmit } from '../../../data/use-submit.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/choice.tsx';
import { InlineProblem } from '../../../ui/error-state.tsx';

/** The pipelines that come with BuildIt, each ready to run. */
export function Samples({ samples }: { samples: readonly SampleObject[] }) {
  return (
    <ul className="grid grid-cols-3 gap-3 max-lg:grid-cols-1">
      {samples.map((sample) => (
        <SampleCard key={sample.name} sample={sample} />
      ))}
    </ul>
  );
}

function SampleCard({ sample }: { sample: SampleObject }) {
  const { path } = useWorkspace();
  const runSample = useRunSample(path);
  const [, go] = useLocation();
  const [fails, setFails] = useState(false);
  const canFail = sample.name === 'sample-hello';
  const form = useSubmit(async (key) => go((await runSample(sample.name, canFail ? { fail: fails } : {}, key)).url));
  return (
    <li className="flex flex-col gap-2 rounded-8 border border-subtle bg-base p-3">
      <p className="flex items-center justify-between gap-2">
        <code className="truncate font-mono text-12">{sample.name}</code>
        <Badge>Sample</Badge>
      </p>
      <p className="flex-1 text-2">{sample.description}.</p>
      {canFail ? <Checkbox label="Let a stage fail on purpose" isChecked={fails} onChange={setFails} /> : null}
      {form.problem ? <InlineProblem problem={form.problem} /> : null}
      <span>
        <Button icon={Play} size="dense" isBusy={form.isBusy} onClick={form.submit} aria-label={`Run ${sample.name}`}>
          Run
        </Button>
      </span>
    </li>
  );
}

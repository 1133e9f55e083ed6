import { useQuery } from '@tanstack/react-query';
import type { PipelineBranch } from '#core/rest-pipelines.ts';
import type { Page } from '#core/rest.ts';
import { get } from '../../../data/http.ts';
import { Combobox, type ComboboxOption } from '../../../ui/combobox.tsx';
import { describeAge, serverNow } from '../../../ui/moment.tsx';

/** The branch of a run: any name, with those that runs were asked for before. */
export function BranchField(props: {
  pipelineId: string;
  value: string;
  error: string | null;
  onChange(branch: string): void;
}) {
  const { pipelineId, value, error, onChange } = props;
  const { data } = useQuery({
    queryKey: ['pipeline-branches', pipelineId],
    queryFn: ({ signal }) => get<Page<PipelineBranch>>(`pipelines/${pipelineId}/branches`, {}, signal),
    refetchOnWindowFocus: true,
  });
  return (
    <Combobox
      label="Branch"
      hint="Recorded with the run; optional."
      error={error}
      value={value}
      isFree
      options={listOptions(data?.items ?? [], value)}
      onType={onChange}
      onSelect={onChange}
    />
  );
}

/** What is typed comes first, whether a run has had it or not: it is what Enter takes. */
function listOptions(branches: readonly PipelineBranch[], typed: string): ComboboxOption[] {
  const isTyped = ({ name }: PipelineBranch) => name === typed;
  const others = branches.filter((one) => !isTyped(one) && one.name.toLowerCase().includes(typed.toLowerCase()));
  const known = [...branches.filter(isTyped), ...others].map(({ name, run }) => ({
    ...{ value: name, label: name },
    detail: [run.subject, `run ${run.number}`, describeAge(run.createdAt, serverNow())].filter(Boolean).join(', '),
  }));
  if (typed === '' || branches.some(isTyped)) return known;
  return [{ value: typed, label: typed, detail: 'no run yet' }, ...known];
}

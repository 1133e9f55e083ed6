import type { ReactNode } from 'react';
import { useLocation, useParams } from 'wouter';
import type { PipelineWithText } from '#core/rest-pipelines.ts';
import type { PipelineSubject } from '../../../actions/pipeline.ts';
import { NotFound } from '../../../app/not-found.tsx';
import { usePageHead } from '../../../app/page.ts';
import { useWorkspace } from '../../../app/place.ts';
import { problemOf } from '../../../ui/describe-failure.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SideFrame } from '../../../ui/side-frame.tsx';
import { AfterAMoment, SkeletonRows } from '../../../ui/skeleton.tsx';
import { usePipeline } from '../use-pipeline.ts';

const LINKS = [
  { path: 'general', label: 'General' },
  { path: 'triggers', label: 'Triggers' },
  { path: 'env', label: 'Environment' },
  { path: 'caches', label: 'Caches' },
  { path: 'access', label: 'Access' },
] as const;

interface Shown {
  pipeline: PipelineWithText;
  subject: PipelineSubject;
}

/** What the settings pages of a pipeline have in common: its name above, their links beside, the reason of who may not. */
export function PipelineSettings(props: {
  page: (typeof LINKS)[number]['path'];
  /** Of pages on which something can be changed. */
  isWritten?: boolean;
  children: (shown: Shown) => ReactNode;
}) {
  const { page, isWritten = false, children } = props;
  const place = useWorkspace();
  const { pipeline: encoded = '' } = useParams();
  const name = decodeURIComponent(encoded);
  const [, goTo] = useLocation();
  const { data, error, refetch } = usePipeline(place.path, name);
  const href = `${place.base}/pipelines/${encodeURIComponent(name)}`;
  const at = `${href}/settings`;
  usePageHead({
    title: LINKS.find(({ path }) => path === page)?.label ?? 'Settings',
    area: name,
    crumbs: [
      { label: 'Pipelines', href: `${place.base}/pipelines` },
      { label: name, href },
    ],
  });
  if (!data && problemOf(error)?.status === 404) return <NotFound what={`pipeline ${name}`} />;
  const links = LINKS.map(({ path, label }) => ({ href: `${at}/${path}`, label }));
  return (
    <SideFrame label={`Settings of ${name}`} groups={[{ title: name, links }]}>
      {data ? (
        <>
          {isWritten && data.can.write !== true ? (
            <p className="text-13 text-2">Nothing can be changed here: {data.can.write.no}.</p>
          ) : null}
          {children({ pipeline: data, subject: { id: data.id, pipeline: data, href, goTo } })}
        </>
      ) : error ? (
        <ErrorState what="The pipeline could not be read" problem={error} onRetry={() => void refetch()} />
      ) : (
        <AfterAMoment>
          <SkeletonRows rows={8} />
        </AfterAMoment>
      )}
    </SideFrame>
  );
}

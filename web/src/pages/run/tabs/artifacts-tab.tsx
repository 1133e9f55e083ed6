import { ChevronDown, ChevronRight, Download, Package } from 'lucide-react';
import { useState } from 'react';
import type { ArtifactObject, Page, RunObject } from '#core/rest.ts';
import { addressOf, get } from '../../../data/http.ts';
import { buttonClasses, IconButton } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-text.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { formatBytes, formatCount } from '../../../ui/format-bytes.ts';
import { Age, serverNow } from '../../../ui/moment.tsx';
import { AfterAMoment, SkeletonRows } from '../../../ui/skeleton.tsx';
import { ArtifactFiles } from './artifact-files.tsx';
import { useRunPart } from './use-run-part.ts';

/** What a run has kept, of one stage when it is given: size, digest, expiry, download, and what is inside. */
export function ArtifactsTab({ run, stage }: { run: RunObject; stage: string | null }) {
  const { data, error, refetch } = useRunPart({
    ...{ name: 'run-artifacts', run },
    load: (signal) => get<Page<ArtifactObject>>(`runs/${run.id}/artifacts`, {}, signal),
  });
  if (error && !data) {
    return <ErrorState what="The artifacts could not be read" problem={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return (
      <AfterAMoment>
        <SkeletonRows rows={4} />
      </AfterAMoment>
    );
  }
  const artifacts = data.items.filter((artifact) => stage === null || artifact.stage === stage);
  if (artifacts.length === 0) {
    return (
      <EmptyState icon={Package} title="No artifacts" command={'artifacts "dist"'}>
        A stage with this line keeps the files it names.
      </EmptyState>
    );
  }
  return (
    <ul aria-label="Artifacts" className="overflow-auto">
      {artifacts.map((artifact) => (
        <Artifact key={artifact.id} artifact={artifact} hasStage={stage === null} />
      ))}
    </ul>
  );
}

function Artifact({ artifact, hasStage }: { artifact: ArtifactObject; hasStage: boolean }) {
  const { id, name, stage, files, bytes, digest, expiresAt } = artifact;
  const [isOpen, setOpen] = useState(false);
  return (
    <li className="border-b border-subtle">
      <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1 text-13">
        <IconButton
          size="dense"
          icon={isOpen ? ChevronDown : ChevronRight}
          label={`${isOpen ? 'Hide' : 'Show'} the files of ${name}`}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        />
        <span className="min-w-0 flex-1 truncate font-medium text-1">{name}</span>
        {hasStage ? <span className="truncate text-2">{stage}</span> : null}
        <span className="tabular text-2">
          {formatCount(files)} {files === 1 ? 'file' : 'files'}
        </span>
        <span className="tabular w-20 text-right text-2">{formatBytes(bytes)}</span>
        <span className="flex items-center text-2">
          <code className="font-mono text-12">{digest.slice(0, 12)}</code>
          <CopyButton text={digest} label={`Copy the SHA-256 of ${name}`} />
        </span>
        <span className="w-32 text-2">
          {expiresAt === null ? (
            'kept with its run'
          ) : (
            <>
              {Date.parse(expiresAt) <= serverNow() ? 'expired' : 'expires'} <Age at={expiresAt} />
            </>
          )}
        </span>
        <a
          href={addressOf(`artifacts/${id}/content`)}
          download={`${name}.tar`}
          aria-label={`Download ${name}`}
          title="Download"
          className={buttonClasses('ghost', 'dense', true)}
        >
          <Download size={16} aria-hidden />
        </a>
      </div>
      {isOpen ? <ArtifactFiles id={id} name={name} /> : null}
    </li>
  );
}

import { useState } from 'react';
import type { Page } from '#core/rest.ts';
import { get } from '../../../data/http.ts';
import { useLiveQuery } from '../../../data/live-queries.ts';
import { InlineProblem } from '../../../ui/error-state.tsx';
import { CONTROL } from '../../../ui/field.tsx';
import { formatBytes, formatCount } from '../../../ui/format-bytes.ts';
import { AfterAMoment, SkeletonRows } from '../../../ui/skeleton.tsx';

interface ArtifactEntry {
  path: string;
  bytes: number;
  digest: string | null;
}

/** Rows drawn; the filter finds the others. */
const SHOWN = 500;

/** The files in an artifact, with a filter by path. */
export function ArtifactFiles({ id, name }: { id: string; name: string }) {
  const [wanted, setWanted] = useState('');
  const { data, error, refetch } = useLiveQuery({
    key: ['artifact-files', id],
    load: (signal) => get<Page<ArtifactEntry>>(`artifacts/${id}/files`, {}, signal),
  });
  if (error) {
    return (
      <div className="p-3">
        <InlineProblem problem={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (!data) {
    return (
      <AfterAMoment>
        <SkeletonRows rows={3} isDense />
      </AfterAMoment>
    );
  }
  const found = data.items.filter(({ path }) => path.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <div className="py-2 pr-3 pl-12">
      {data.items.length > 20 ? (
        <input
          aria-label={`Find a file in ${name}`}
          placeholder="Find a file"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
          className={`${CONTROL} mb-2 h-7 max-w-80`}
        />
      ) : null}
      <table aria-label={`Files in ${name}`} className="w-full table-fixed border-collapse text-left text-12">
        <thead className="sr-only">
          <tr>
            <th scope="col">Path</th>
            <th scope="col">Size</th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          {found.slice(0, SHOWN).map(({ path, bytes, digest }) => (
            <tr key={path} className="h-6">
              <td className="truncate font-mono text-1" title={path}>
                {path}
              </td>
              <td className="tabular w-24 text-right text-2">{digest === null ? '' : formatBytes(bytes)}</td>
              <td className="w-32 pl-4 font-mono text-2 max-sm:hidden">{digest?.slice(0, 12) ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.length === 0 ? <p className="text-12 text-2">No file has this in its path</p> : null}
      {found.length > SHOWN ? (
        <p className="pt-1 text-12 text-2">and {formatCount(found.length - SHOWN)} more: find them by their path</p>
      ) : null}
    </div>
  );
}

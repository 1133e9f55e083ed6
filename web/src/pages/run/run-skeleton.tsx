import { usePageHead } from '../../app/page.ts';
import { AfterAMoment, Skeleton, SkeletonRows } from '../../ui/skeleton.tsx';

/** The geometry of a run that is being read. */
export function RunSkeleton({ title, stages }: { title: string; stages: number | null }) {
  usePageHead({ title });
  return (
    <AfterAMoment>
      <p role="status" className="sr-only">
        Loading the run
      </p>
      <div className="flex flex-col gap-3 p-4">
        <Skeleton className="h-8 w-80" />
        <Skeleton className="h-5 w-120" />
        <div className="flex min-h-120 gap-px rounded-8 border border-subtle">
          <div className="w-80 shrink-0">
            <SkeletonRows rows={stages ?? 8} />
          </div>
          <div className="flex-1">
            <SkeletonRows rows={12} isDense />
          </div>
        </div>
      </div>
    </AfterAMoment>
  );
}

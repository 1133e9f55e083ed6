import type { ReactNode } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Age } from '../../../ui/moment.tsx';
import type { RerunEffects } from './list-effects.ts';

interface PreviewProps extends RerunEffects {
  /** Stages. */
  again: readonly string[];
  carried: readonly string[];
  /** `#142, attempt 3` */
  becomes: string;
  /** Chooses the stage that makes anew what has expired. */
  onRebuild(stage: string): void;
}

/** What a re-run would do, before it is started. */
export function RerunPreview(props: PreviewProps) {
  const { again, carried, outside, asked, stay, expired, becomes, onRebuild } = props;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 rounded-8 border border-subtle bg-raised p-3 text-13">
      <Row name="Runs again">{listNames(again)}</Row>
      <Row name="Results reused">{listNames(carried)}</Row>
      {outside.length > 0 ? (
        <Row name="Outside, once more">{listNames(outside)}: what was done is not undone</Row>
      ) : null}
      {asked.length > 0 ? <Row name="Asks again">{listNames(asked)}: approvals of this run do not count</Row> : null}
      {stay.length > 0 ? <Row name="Stays approved">{listNames(stay)}</Row> : null}
      {expired.map(({ artifact, rebuiltBy, neededBy, at }) => (
        <Row key={`${rebuiltBy} ${artifact}`} name="Expired">
          <span className="flex flex-wrap items-center gap-2">
            <span>
              {artifact}, which {neededBy} needs, expired <Age at={at} />
            </span>
            <Button size="dense" onClick={() => onRebuild(rebuiltBy)}>
              From {rebuiltBy}, which makes it anew
            </Button>
          </span>
        </Row>
      ))}
      <Row name="Becomes">
        <span className="tabular">
          {becomes}, with the same plan and source. What stages did outside is not undone.
        </span>
      </Row>
    </dl>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-2">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

const MANY = 12;

function listNames(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, MANY).join(', ');
  return names.length > MANY ? `${shown} and ${names.length - MANY} more` : shown;
}

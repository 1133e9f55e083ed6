import { describeActor } from '../data/describe-cause.ts';
import { Button } from './button.tsx';

/** `Changed by bo meanwhile: another description`; null is somebody of whom nothing is known. */
export function describeMeanwhile(by: string | null, what: string): string {
  return `Changed by ${by === null ? 'somebody' : describeActor(by)} meanwhile: ${what}`;
}

/** Somebody was faster (UI §7): what is there now, and the two ways on. */
export function Conflict(props: {
  /** Who has saved what: see {@link describeMeanwhile}. */
  title: string;
  present: string;
  keepLabel?: string;
  onKeep(): void;
  onTake(): void;
}) {
  const { title, present, keepLabel = 'Compare with it and go on', onKeep, onTake } = props;
  return (
    <div
      role="alert"
      data-hue="warning"
      className="flex flex-col gap-2 rounded-6 bg-hue-tint p-3 text-13 text-hue-text"
    >
      <p>{title}</p>
      <p className="font-mono text-12 break-words whitespace-pre-wrap text-1">{present || 'none'}</p>
      <p className="flex flex-wrap gap-2">
        <Button size="dense" onClick={onKeep}>
          {keepLabel}
        </Button>
        <Button size="dense" onClick={onTake}>
          Take theirs
        </Button>
      </p>
    </div>
  );
}

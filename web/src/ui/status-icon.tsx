import type { State } from './state.ts';
import { STATUS_LOOKS } from './status-look.ts';

/**
 * The icon of a state. Without `label` it is decoration: the word stands in the same row. With it (`''` is the state's
 * own word) it is read out.
 */
export function StatusIcon({ state, size = 16, label }: { state: State; size?: number; label?: string }) {
  const { icon: Icon, hue, isFilled, isTurning, word } = STATUS_LOOKS[state];
  const named = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label || word };
  return (
    <span data-hue={hue} className="inline-flex shrink-0 text-hue" {...named}>
      <Icon
        size={size}
        strokeWidth={2}
        aria-hidden
        // A filled shape keeps its figure in the colour of the ground.
        className={isTurning ? 'spinner' : isFilled ? 'fill-hue stroke-(--bg-base)' : undefined}
      />
    </span>
  );
}

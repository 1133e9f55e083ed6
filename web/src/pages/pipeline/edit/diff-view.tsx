import type { DiffLine } from './diff-lines.ts';

/** Lines around a change that are shown with it. */
const AROUND = 3;

/** A difference as two columns of numbers and one of text; what is far from any change is left out and counted. */
export function DiffView({ lines, label = 'What changes' }: { lines: readonly DiffLine[]; label?: string }) {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(({ kind }) => kind !== 'same'),
  );
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label={label}
      className="max-h-96 overflow-auto rounded-8 border border-subtle bg-base py-2 font-mono text-12 leading-5"
    >
      {lines.map((line, index) => {
        if (!near[index])
          return index > 0 && near[index - 1] ? (
            <p key={index} className="px-3 text-3">
              …
            </p>
          ) : null;
        const { kind, text, before, after } = line;
        const sign = { same: ' ', added: '+', removed: '-' }[kind];
        return (
          <div
            key={index}
            data-hue={kind === 'added' ? 'success' : kind === 'removed' ? 'error' : undefined}
            className={`grid grid-cols-[4ch_4ch_2ch_1fr] px-3 whitespace-pre ${kind === 'same' ? '' : 'bg-hue-tint'}`}
          >
            <span aria-hidden className="tabular text-right text-3 select-none">
              {before ?? ''}
            </span>
            <span aria-hidden className="tabular text-right text-3 select-none">
              {after ?? ''}
            </span>
            <span className="text-center text-2">
              <span aria-hidden>{sign}</span>
              {kind === 'same' ? null : <span className="sr-only">{kind}</span>}
            </span>
            <span>{text}</span>
          </div>
        );
      })}
    </div>
  );
}

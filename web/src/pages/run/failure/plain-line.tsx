import { removeSequences } from '#core/escape-sequences.ts';
import { splitChips } from '../../../log/text/chips.ts';

/** Characters of a line that are shown; the log has all of it. */
const MOST_SHOWN = 400;

/** A printed line, plain: colours are the log's own matter. What follows the last return is what a terminal would show. */
export function PlainLine({ text }: { text: string }) {
  const shown =
    removeSequences(text)
      .split('\r')
      .findLast((part) => part !== '') ?? '';
  return splitChips(shown.slice(0, MOST_SHOWN), 0).map((piece) =>
    piece.kind === 'text' ? (
      piece.text
    ) : (
      <span key={piece.at} className="mx-px rounded-4 border border-control px-0.5 text-3">
        {piece.label}
      </span>
    ),
  );
}

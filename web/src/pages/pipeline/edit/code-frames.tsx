import type { Diagnostic } from '#core/diagnostic.ts';

/** As many as the terminal shows. */
const MOST = 20;

/** Diagnostics with the line each is about and a mark under its place, as the terminal shows them (UI §8). */
export function CodeFrames({
  diagnostics,
  text,
  onGoTo,
}: {
  diagnostics: readonly Diagnostic[];
  text: string;
  onGoTo(offset: number): void;
}) {
  const lines = text.split('\n');
  return (
    <ol aria-label="Problems of the text" className="flex flex-col gap-3">
      {diagnostics.slice(0, MOST).map((one, index) => (
        <li key={index} data-hue={one.severity === 'error' ? 'error' : 'warning'} className="flex flex-col gap-1">
          <button
            type="button"
            onClick={() => onGoTo(one.span.start.offset)}
            className="rounded-4 text-left text-13 hover:underline"
          >
            <span className="font-medium text-hue-text">
              {one.severity} {one.code}
            </span>{' '}
            <span className="text-1">{one.message}</span>{' '}
            <span className="text-12 text-3">
              line {one.span.start.line}, column {one.span.start.column}
            </span>
          </button>
          <pre
            aria-hidden
            className="overflow-x-auto rounded-6 border border-subtle bg-base px-3 py-1 font-mono text-12 leading-5"
          >
            <span className="text-3">{one.span.start.line} | </span>
            {lines[one.span.start.line - 1] ?? ''}
            {'\n'}
            <span className="text-3">{' '.repeat(String(one.span.start.line).length)} | </span>
            <span className="text-hue-text">{underline(one)}</span> {one.label ?? ''}
          </pre>
          {one.hint ? <p className="text-12 text-2">{one.hint}</p> : null}
        </li>
      ))}
      {diagnostics.length > MOST ? <li className="text-12 text-2">and {diagnostics.length - MOST} more</li> : null}
    </ol>
  );
}

function underline({ span: { start, end } }: Diagnostic): string {
  const width = end.line === start.line ? Math.max(1, end.column - start.column) : 1;
  return `${' '.repeat(start.column - 1)}${'^'.repeat(width)}`;
}

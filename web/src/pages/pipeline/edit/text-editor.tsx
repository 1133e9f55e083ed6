import { useEffect, useRef, type RefObject } from 'react';

/** A text with numbered lines; those with a problem are marked. Tab leaves it, as every field. */
export function TextEditor(props: {
  label: string;
  value: string;
  isReadOnly: boolean;
  /** Lines with a problem, from 1. */
  marked: ReadonlySet<number>;
  area: RefObject<HTMLTextAreaElement | null>;
  onChange(text: string): void;
  onSave(): void;
}) {
  const { label, value, isReadOnly, marked, area, onChange, onSave } = props;
  const gutter = useRef<HTMLDivElement>(null);
  const count = value.split('\n').length;
  const follow = () => gutter.current && area.current && (gutter.current.scrollTop = area.current.scrollTop);
  useEffect(() => {
    follow();
  });
  return (
    <div className="flex h-full min-h-80 overflow-hidden rounded-8 border border-control bg-base font-mono text-12 leading-5 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-(--accent-primary)">
      <div
        ref={gutter}
        aria-hidden
        className="shrink-0 overflow-hidden border-r border-subtle bg-raised py-2 text-right text-3 select-none"
      >
        {Array.from({ length: count }, (_, index) => (
          <div
            key={index}
            data-hue={marked.has(index + 1) ? 'error' : undefined}
            className={`tabular px-2 ${marked.has(index + 1) ? 'bg-hue-tint font-semibold text-hue-text' : ''}`}
          >
            {index + 1}
          </div>
        ))}
      </div>
      <textarea
        ref={area}
        aria-label={label}
        aria-invalid={marked.size > 0 || undefined}
        value={value}
        readOnly={isReadOnly}
        spellCheck={false}
        autoCapitalize="off"
        wrap="off"
        onScroll={follow}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSave();
        }}
        className="min-w-0 flex-1 resize-none bg-transparent px-3 py-2 text-1 outline-none"
      />
    </div>
  );
}

import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { TextField } from '../../ui/field.tsx';

/** After the last key. */
const CALM_MS = 150;

/**
 * A filter as text, with a chip for each of its tokens. Takes effect on Enter and when it is left; `isLive`: also a
 * moment after the last key, in place of the entry of the history that it makes otherwise.
 */
export function FilterField(props: {
  label: string;
  value: string;
  tokens: readonly string[];
  problem: string | null;
  placeholder: string;
  isLive?(text: string): boolean;
  onChange(text: string, isTyping: boolean): void;
  onRemove(token: string): void;
}) {
  const { label, value, tokens, problem, placeholder, isLive, onChange, onRemove } = props;
  const [typed, setTyped] = useState(value);
  // What this field has said itself comes back as it is typed on.
  const said = useRef(value);
  useEffect(() => {
    if (value !== said.current) setTyped(value);
    said.current = value;
  }, [value]);
  const say = (isTyping: boolean) => {
    const text = typed.trim();
    if (text === said.current) return;
    said.current = text;
    onChange(text, isTyping);
  };
  const take = () => say(false);
  useEffect(() => {
    if (!isLive?.(typed.trim())) return undefined;
    const timer = setTimeout(() => say(true), CALM_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-2">
      <TextField
        label={label}
        data-filter=""
        value={typed}
        placeholder={placeholder}
        error={problem}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
          if (event.key === 'Escape') setTyped(value);
        }}
      />
      {tokens.length > 0 ? (
        <ul aria-label="Filters in force" className="flex flex-wrap gap-1.5">
          {tokens.map((token) => (
            <li key={token}>
              <button
                type="button"
                onClick={() => onRemove(token)}
                aria-label={`Remove the filter ${token}`}
                className="flex h-6 items-center gap-1 rounded-full border border-control px-2 text-12 text-2 hover:bg-hover hover:text-1"
              >
                {token}
                <X size={12} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

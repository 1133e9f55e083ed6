import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { CONTROL, Field } from './field.tsx';
import { joinClasses } from './join-classes.ts';
import { Popover } from './popover.tsx';

export interface ComboboxOption {
  value: string;
  label: string;
  /** A few words more, at the right. */
  detail?: string;
}

interface ComboboxProps {
  label: string;
  hint?: string;
  error?: string | null;
  value: string;
  /** Those that fit what is typed, best first; the caller filters, or asks the server. */
  options: readonly ComboboxOption[];
  onType?(text: string): void;
  onSelect(value: string): void;
  placeholder?: string;
  /** What is typed counts although no option says it. */
  isFree?: boolean;
}

/** A field with suggestions: arrows move, Enter takes, Escape closes. */
export function Combobox(props: ComboboxProps) {
  const { label, hint, error, value, options, onType, onSelect, placeholder, isFree = false } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const current = options.find((option) => option.value === value);
  const shown = typed ?? current?.label ?? value;

  const take = (option: ComboboxOption | undefined) => {
    if (option) onSelect(option.value);
    else if (isFree && typed !== null) onSelect(typed);
    setTyped(null);
    setOpen(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!isOpen) setOpen(true);
      else setAt((at + (event.key === 'ArrowDown' ? 1 : -1) + options.length) % Math.max(1, options.length));
    } else if (event.key === 'Enter' && isOpen) {
      event.preventDefault();
      take(options[at]);
    } else if (event.key === 'Escape' && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      setTyped(null);
      setOpen(false);
    }
  };
  return (
    <Field {...{ label, hint }} error={error}>
      {(control) => (
        <>
          <input
            {...control}
            ref={input}
            type="text"
            role="combobox"
            autoComplete="off"
            aria-autocomplete="list"
            aria-expanded={isOpen}
            aria-controls={`${id}-list`}
            aria-activedescendant={isOpen && options[at] ? `${id}-${at}` : undefined}
            placeholder={placeholder}
            value={shown}
            onChange={(event) => {
              setTyped(event.target.value);
              setAt(0);
              setOpen(true);
              onType?.(event.target.value);
            }}
            onClick={() => setOpen(true)}
            onBlur={() => {
              if (typed !== null) take(isFree ? undefined : options.find((option) => option.label === typed));
            }}
            onKeyDown={onKeyDown}
            className={joinClasses(CONTROL, 'h-8')}
          />
          {isOpen ? (
            <Popover anchor={input} onClose={() => setOpen(false)}>
              <OptionList {...{ id, label, options, at }} onTake={take} />
            </Popover>
          ) : null}
        </>
      )}
    </Field>
  );
}

function OptionList(props: {
  id: string;
  label: string;
  options: readonly ComboboxOption[];
  at: number;
  onTake(option: ComboboxOption): void;
}) {
  const { id, label, options, at, onTake } = props;
  return (
    <div id={`${id}-list`} role="listbox" aria-label={label} className="max-h-80 min-w-64 overflow-y-auto p-1">
      {options.length === 0 ? <p className="px-2 py-1.5 text-13 text-2">Nothing fits.</p> : null}
      {options.map((option, index) => (
        <div
          key={option.value}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          onPointerDown={(event) => {
            // The field keeps the focus.
            event.preventDefault();
            onTake(option);
          }}
          className="flex min-h-8 items-center gap-2 rounded-6 px-2 py-1 text-13 hover:bg-hover aria-selected:bg-active"
        >
          <span className="min-w-0 flex-1 truncate">{option.label}</span>
          {option.detail ? <span className="shrink-0 text-12 text-2">{option.detail}</span> : null}
        </div>
      ))}
    </div>
  );
}

import { useEffect, useId, useRef, type ReactNode } from 'react';
import { Tooltip } from './tooltip.tsx';

interface Choice {
  label: ReactNode;
  hint?: ReactNode;
  isChecked: boolean;
  onChange(isChecked: boolean): void;
  /** Why it may not be changed. */
  disabledReason?: string | null;
}

const TARGET = 'flex min-h-6 items-start gap-2 text-13';

/** Waits for Save. `isMixed`: some of what it stands for is on. */
export function Checkbox({ isMixed = false, name, ...choice }: Choice & { isMixed?: boolean; name?: string }) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = isMixed;
  }, [isMixed]);
  return <Box {...choice} type="checkbox" ref={box} {...(name ? { name } : {})} />;
}

/** Chooses a row, for what is done to several: its label is read out, the row itself shows what it is. */
export function SelectBox(props: Omit<Choice, 'label' | 'hint'> & { label: string }) {
  const { label, isChecked, onChange, disabledReason } = props;
  return (
    <Tooltip text={disabledReason ?? ''}>
      <span className="relative inline-flex size-6 shrink-0 items-center justify-center">
        <input
          type="checkbox"
          aria-label={label}
          aria-disabled={disabledReason ? true : undefined}
          checked={isChecked}
          onChange={(event) => {
            if (!disabledReason) onChange(event.target.checked);
          }}
          className="size-4 accent-fill-primary aria-disabled:opacity-55"
        />
      </span>
    </Tooltip>
  );
}

/** One of several with the same `name`. */
export function Radio({ name, ...choice }: Choice & { name: string }) {
  return <Box {...choice} type="radio" name={name} />;
}

function Box(
  props: Choice & { type: 'checkbox' | 'radio'; name?: string; ref?: React.RefObject<HTMLInputElement | null> },
) {
  const { label, hint, isChecked, onChange, disabledReason, type, name, ref } = props;
  const id = useId();
  return (
    <div className={TARGET}>
      <input
        {...{ id, type, name }}
        ref={ref}
        checked={isChecked}
        aria-disabled={disabledReason ? true : undefined}
        aria-describedby={hint || disabledReason ? `${id}-hint` : undefined}
        onChange={(event) => {
          if (!disabledReason) onChange(event.target.checked);
        }}
        className="mt-0.5 size-4 shrink-0 accent-fill-primary aria-disabled:opacity-55"
      />
      <span className="min-w-0">
        <label htmlFor={id} className="text-1">
          {label}
        </label>
        {hint || disabledReason ? (
          <span id={`${id}-hint`} className="block text-12 text-3">
            {disabledReason ?? hint}
          </span>
        ) : null}
      </span>
    </div>
  );
}

/** Acts at once; whoever handles it turns it back when the server refuses. */
export function Switch({ label, hint, isChecked, onChange, disabledReason }: Choice) {
  const id = useId();
  return (
    <div className={TARGET}>
      <button
        type="button"
        role="switch"
        id={id}
        aria-checked={isChecked}
        aria-labelledby={`${id}-label`}
        aria-describedby={hint || disabledReason ? `${id}-hint` : undefined}
        aria-disabled={disabledReason ? true : undefined}
        onClick={() => {
          if (!disabledReason) onChange(!isChecked);
        }}
        className="flex h-6 w-9 shrink-0 items-center aria-disabled:opacity-55"
      >
        <span
          className={`flex h-5 w-9 items-center rounded-full border px-0.5 transition-colors duration-120 ${
            isChecked ? 'justify-end border-fill-primary-border bg-fill-primary' : 'border-control bg-elevated'
          }`}
        >
          <span className={`size-3.5 rounded-full ${isChecked ? 'bg-fill-text' : 'bg-(--border-control)'}`} />
        </span>
      </button>
      <span className="min-w-0 pt-0.5">
        <span id={`${id}-label`} className="text-1">
          {label}
        </span>
        {hint || disabledReason ? (
          <span id={`${id}-hint`} className="block text-12 text-3">
            {disabledReason ?? hint}
          </span>
        ) : null}
      </span>
    </div>
  );
}

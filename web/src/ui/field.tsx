import { CircleAlert } from 'lucide-react';
import { useId, type ComponentProps, type ReactNode } from 'react';
import { joinClasses } from './join-classes.ts';

interface Labelled {
  label: string;
  /** What to put there; below the control. */
  hint?: ReactNode;
  /** What is wrong with it; set on blur and submit, not per key. */
  error?: string | null | undefined;
  /** Where a value comes from that cannot be changed here: `set in system.kdl:12`. */
  origin?: string;
}

/** The attributes of a control that tell its label, hint and error. */
export interface ControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

/** Label above, hint and error below; `children` gets what ties the control to them. */
export function Field(props: Labelled & { children: (control: ControlProps) => ReactNode; isRequired?: boolean }) {
  const { label, hint, error, origin, children, isRequired } = props;
  const id = useId();
  const described = [error ? `${id}-error` : '', hint || origin ? `${id}-hint` : ''].filter(Boolean).join(' ');
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-13 font-medium text-1">
        {label}
        {isRequired === false ? <span className="font-normal text-3"> (optional)</span> : null}
      </label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {error ? (
        <p id={`${id}-error`} className="flex items-start gap-1 text-12 text-error-text">
          <CircleAlert size={14} aria-hidden className="mt-px shrink-0" />
          {error}
        </p>
      ) : null}
      {hint || origin ? (
        <p id={`${id}-hint`} className="text-12 text-3">
          {origin ?? hint}
        </p>
      ) : null}
    </div>
  );
}

export const CONTROL =
  'w-full rounded-6 border border-control bg-elevated px-2.5 text-13 text-1 transition-colors duration-120 hover:border-(--text-3) read-only:bg-raised read-only:text-2 aria-invalid:border-error';

/** One line of text. */
export function TextField(props: Labelled & Omit<ComponentProps<'input'>, 'id'>) {
  const { label, hint, error, origin, className, ...native } = props;
  return (
    <Field {...{ label, hint, error }} {...(origin ? { origin } : {})} isRequired={native.required ?? true}>
      {(control) => (
        <input
          type="text"
          {...native}
          {...control}
          readOnly={native.readOnly ?? Boolean(origin)}
          className={joinClasses(CONTROL, 'h-8', className)}
        />
      )}
    </Field>
  );
}

/** Several lines of text. */
export function TextArea(props: Labelled & Omit<ComponentProps<'textarea'>, 'id'>) {
  const { label, hint, error, origin, className, ...native } = props;
  return (
    <Field {...{ label, hint, error }} {...(origin ? { origin } : {})} isRequired={native.required ?? true}>
      {(control) => (
        <textarea
          rows={4}
          {...native}
          {...control}
          readOnly={native.readOnly ?? Boolean(origin)}
          className={joinClasses(CONTROL, 'py-1.5', className)}
        />
      )}
    </Field>
  );
}

/** One of a few; for many or for search there is the combobox. */
export function SelectField(
  props: Labelled & Omit<ComponentProps<'select'>, 'id'> & { options: readonly { value: string; label: string }[] },
) {
  const { label, hint, error, origin, className, options, ...native } = props;
  return (
    <Field {...{ label, hint, error }} {...(origin ? { origin } : {})} isRequired={native.required ?? true}>
      {(control) => (
        <select {...native} {...control} className={joinClasses(CONTROL, 'h-8', className)}>
          {options.map(({ value, label: text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

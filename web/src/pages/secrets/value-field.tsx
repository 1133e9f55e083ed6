import { TextArea } from '../../ui/field.tsx';

/** Shorter ones are found in every log, so they cannot be masked there. */
const LEAST_BYTES = 6;

/** A value that is written and never shown again; line breaks stay as they are. */
export function ValueField({ value, onChange }: { value: string; onChange(value: string): void }) {
  const bytes = new TextEncoder().encode(value).length;
  const isShort = bytes > 0 && bytes < LEAST_BYTES;
  return (
    <TextArea
      label="Value"
      required
      value={value}
      autoComplete="off"
      spellCheck={false}
      className="font-mono text-12"
      hint={
        isShort
          ? `It has ${bytes} bytes: so short a value cannot be masked in logs.`
          : 'It is sealed, and nobody can read it back.'
      }
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

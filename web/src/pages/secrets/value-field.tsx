import { FileUp, WandSparkles } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/field.tsx';

/** Shorter ones are found in every log, so they cannot be masked there. */
const LEAST_BYTES = 6;
/** As the server takes it (docs/secrets.md). */
const MOST_BYTES = 64 * 1024;
const GENERATED_BYTES = 32;

/** A value that is written and never shown again; line breaks stay as they are. */
export function ValueField({ value, onChange }: { value: string; onChange(value: string): void }) {
  const [error, setError] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const bytes = new TextEncoder().encode(value).length;
  const isShort = bytes > 0 && bytes < LEAST_BYTES;
  const take = async (file: File | undefined) => {
    if (!file) return;
    const text = file.size > MOST_BYTES ? null : readText(await file.arrayBuffer());
    setError(text === null ? `${file.name} is no text in UTF-8 of 1 byte to 64 KiB` : null);
    if (text !== null) onChange(text);
  };
  return (
    <div
      className="flex flex-col gap-2"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        if (event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        void take(event.dataTransfer.files[0]);
      }}
    >
      <TextArea
        label="Value"
        required
        value={value}
        error={error}
        autoComplete="off"
        spellCheck={false}
        className="font-mono text-12"
        hint={
          isShort
            ? `It has ${bytes} bytes: so short a value cannot be masked in logs.`
            : 'It is sealed, and nobody can read it back. A file may be dropped here.'
        }
        onChange={(event) => onChange(event.target.value)}
      />
      <input
        ref={input}
        type="file"
        hidden
        onChange={(event) => {
          void take(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      <div className="flex flex-wrap gap-2">
        <Button size="dense" icon={FileUp} onClick={() => input.current?.click()}>
          From a file
        </Button>
        <Button size="dense" icon={WandSparkles} onClick={() => onChange(generateValue())}>
          Generate
        </Button>
      </div>
    </div>
  );
}

/** Null for what the server would refuse, bytes that are no text first of all. */
function readText(bytes: ArrayBuffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text === '' || text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

/** 256 bits that need no quotes anywhere. */
function generateValue(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(GENERATED_BYTES));
  return btoa(String.fromCodePoint(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

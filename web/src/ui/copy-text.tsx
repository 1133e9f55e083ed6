import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './button.tsx';
import { sayRefused } from './copy-and-say.ts';
import { writeClipboard } from './write-clipboard.ts';

const SAID_MS = 1_500;

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <>
      <IconButton
        size="dense"
        icon={isCopied ? Check : Copy}
        label={isCopied ? 'Copied' : label}
        onClick={() => {
          void writeClipboard(text).then(() => setCopied(true), sayRefused(text));
        }}
      />
      <span role="status" className="sr-only">
        {isCopied ? 'Copied' : ''}
      </span>
    </>
  );
}

/** A command or an identifier that people take along. */
export function CopyText({ text, label }: { text: string; label?: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1 rounded-6 border border-subtle bg-base pr-0.5 pl-2.5">
      <code className="min-w-0 py-1 font-mono text-12 break-all text-1">{text}</code>
      <CopyButton text={text} {...(label ? { label } : {})} />
    </span>
  );
}

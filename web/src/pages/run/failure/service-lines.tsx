import { PlainLine } from './plain-line.tsx';

/** What a service printed last, folded: the stage failed by it. */
export function ServiceLines({ name, lines }: { name: string; lines: readonly string[] }) {
  if (lines.length === 0) return <p className="w-full text-12 text-2">The service {name} printed nothing.</p>;
  const count = lines.length === 1 ? 'Last line' : `Last ${lines.length} lines`;
  return (
    <details className="w-full min-w-0 text-13">
      <summary className="min-h-6 cursor-pointer text-2">
        {count} of the service {name}
      </summary>
      <div
        role="region"
        aria-label={`Lines of the service ${name}`}
        tabIndex={0}
        className="mt-1 max-h-64 overflow-auto rounded-6 border border-subtle bg-base px-3 py-1.5"
      >
        {lines.map((text, index) => (
          <div key={index} className="h-4 font-mono text-12 leading-4 whitespace-pre text-1">
            <PlainLine text={text} />
          </div>
        ))}
      </div>
    </details>
  );
}

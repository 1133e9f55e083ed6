import type { ExcludedNode } from '#core/rest-pipelines.ts';

/** Stages that the conditions of the file keep out of the run, each with what decided (UI §4.3). */
export function ExcludedList({ excluded }: { excluded: readonly ExcludedNode[] }) {
  if (excluded.length === 0) return null;
  return (
    <section aria-label="Left out" className="rounded-6 border border-subtle px-3 py-2 text-13 text-2">
      <p>Left out, as their conditions say:</p>
      <ul className="max-h-40 overflow-y-auto" tabIndex={0} aria-label="Stages that are left out">
        {excluded.map(({ name, expression, values }) => (
          <li key={name} className="py-0.5">
            <span className="font-medium text-1">{name}</span>{' '}
            <code className="font-mono text-12 break-words">{expression}</code>
            {Object.entries(values).map(([key, value]) => (
              <span key={key} className="block pl-3 font-mono text-12 break-all text-3">
                {key} = {value === '' ? 'nothing' : value}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

/**
 * A string of the plan that may hold references whose values exist only when the stage
 * runs. What is known when the run is planned is already filled in.
 */
export type Text = string | { parts: (string | LateReference)[] };

/**
 * A dotted path that is resolved by the stage activity: `run.*`, `stage.attempt`, `stages.*`, `secrets.*`; or
 * `checksum FILE…` (core/cache.ts).
 */
export interface LateReference {
  ref: string;
  /** From `${a ?? "default"}`. */
  fallback?: string;
}

/** Values by dotted path, e.g. `stages.build.outputs.tag`. */
export type Values = Readonly<Record<string, string>>;

/** References of a text, in order. */
export function listReferences(text: Text): LateReference[] {
  return typeof text === 'string' ? [] : text.parts.filter((part) => typeof part !== 'string');
}

/**
 * The text with its references filled in, or the first path that has neither a value nor
 * a fallback.
 */
export function resolveText(
  text: Text,
  values: Values,
): { kind: 'resolved'; value: string } | { kind: 'missing'; ref: string } {
  if (typeof text === 'string') return { kind: 'resolved', value: text };
  let value = '';
  for (const part of text.parts) {
    if (typeof part === 'string') {
      value += part;
      continue;
    }
    const found = Object.hasOwn(values, part.ref) ? values[part.ref] : part.fallback;
    if (found === undefined) return { kind: 'missing', ref: part.ref };
    value += found;
  }
  return { kind: 'resolved', value };
}

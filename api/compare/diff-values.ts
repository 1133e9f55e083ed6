/** What differs between two values of a plan, at its place: `steps[2].script`, `env.NODE_ENV`. */
export interface ValueDifference {
  property: string;
  base: unknown;
  head: unknown;
}

/** Goes as far down as both have the same shape; null is nothing there. */
export function diffValues(property: string, base: unknown, head: unknown): ValueDifference[] {
  if (isSame(base, head)) return [];
  const [old, present] = [toEntries(base), toEntries(head)];
  // What is in one alone is told whole.
  if (!old || !present || old.kind !== present.kind) {
    return [{ property, base: writeText(base) ?? null, head: writeText(head) ?? null }];
  }
  const names = [...new Set([...present.entries.keys(), ...old.entries.keys()])];
  return names.flatMap((name) => {
    const inner = present.kind === 'list' ? `${property}[${name}]` : `${property}.${name}`;
    return diffValues(inner, old.entries.get(name), present.entries.get(name));
  });
}

/** Things of a list that have a name are paired by it, others by their place, from 1. */
function toEntries(value: unknown): { kind: 'list' | 'record'; entries: Map<string, unknown> } | null {
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    const names = items.map(nameOf);
    const areNamed = names.every((name) => name !== null) && new Set(names).size === names.length;
    const entries = items.map((item, index): [string, unknown] => [
      areNamed ? (names[index] ?? '') : `${index + 1}`,
      item,
    ]);
    return { kind: 'list', entries: new Map(entries) };
  }
  if (!isRecord(value) || 'parts' in value) return null;
  return { kind: 'record', entries: new Map(Object.entries(value)) };
}

function nameOf(item: unknown): string | null {
  if (!isRecord(item)) return null;
  const name = item['name'] ?? item['to'];
  return typeof name === 'string' ? name : null;
}

/** A text with references as it stands in a file; anything else as it is. */
function writeText(value: unknown): unknown {
  if (!isRecord(value) || !Array.isArray(value['parts'])) return value;
  const parts: unknown[] = value['parts'];
  return parts.map((part) => (isRecord(part) ? `\${${String(part['ref'])}}` : String(part))).join('');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Plans are JSON, made by one program: equal values are equal texts. */
export function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

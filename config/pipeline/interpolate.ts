import { CHECKSUM } from '#core/cache.ts';
import type { PlanValue } from '#core/plan.ts';
import type { LateReference, Text } from '#core/text.ts';
import type { KdlValue } from './kdl.ts';
import type { Problems } from './problems.ts';
import { type Reference, splitText } from './references.ts';
import { scopeAt } from './reuse/frames.ts';
import { type Lookup, lookUp, type Scope } from './scope.ts';
import type { Place } from './source.ts';
import { placeWithin } from './strings.ts';

/** What Linux takes as one variable or argument; it also keeps a plan from growing without end. */
const MAX_LENGTH = 128 * 1024;

/** Where a string stands decides whether a secret may be in it. */
export interface Usage {
  secrets: boolean;
}

/**
 * The text of a string outside scripts with everything filled in that is known when the
 * run is planned (LANGUAGE §5). Null when a reference is wrong (reported).
 */
export function interpolate(problems: Problems, outer: Scope, value: KdlValue, usage: Usage): Text | null {
  if (typeof value.value !== 'string') return null;
  const scope = scopeAt(problems, outer, value.place);
  const parts: (string | LateReference)[] = [];
  let isWhole = true;
  let length = 0;
  for (const part of splitText(value.value)) {
    if (length > MAX_LENGTH) {
      problems.report('KDL014', value.place, `this becomes longer than ${MAX_LENGTH} characters`, {
        hint: 'an environment variable cannot hold more: keep it in a file',
      });
      return null;
    }
    if (part.kind === 'literal') {
      parts.push(part.text);
      length += part.text.length;
      continue;
    }
    const place = placeWithin(problems.source, value, part.start, part.end);
    if (part.kind === 'malformed') {
      isWhole = false;
      const isChecksum = /^\$?\{\s*checksum/.test(value.value.slice(part.start, part.end));
      problems.report('KDL026', place, isChecksum ? 'this is no checksum' : 'this is no reference', {
        hint: isChecksum
          ? 'name the files: {checksum package-lock.json}; references cannot stand inside it'
          : 'a reference is ${root.name} or ${root.name ?? "default"}; a literal ${ is $${',
      });
      continue;
    }
    if (part.kind === 'checksum') {
      for (const file of part.files) isWhole = checkSourcePath(problems, file, place) && isWhole;
      parts.push({ ref: CHECKSUM + part.files.join(' ') });
      length += part.end - part.start;
      continue;
    }
    const text = resolveReference(problems, scope, part, place, usage);
    if (text === null) isWhole = false;
    else {
      parts.push(...(typeof text === 'string' ? [text] : text.parts));
      length += typeof text === 'string' ? text.length : 1;
    }
  }
  return isWhole ? joinParts(parts) : null;
}

/** A glob of files of the source. */
function checkSourcePath(problems: Problems, path: string, place: Place): boolean {
  if (!path.startsWith('/') && !path.startsWith('~') && !path.split('/').includes('..')) return true;
  problems.report('KDL014', place, `${JSON.stringify(path)} is no file of the source`, {
    hint: 'write it relative to the top of the source, without ..',
  });
  return false;
}

/** A reference as text: its value, or what the stage will resolve. Null when reported. */
export function resolveReference(
  problems: Problems,
  scope: Scope,
  reference: Reference,
  place: Place,
  usage: Usage,
): Text | null {
  const { path, fallback } = reference;
  if (path[0] === 'secrets' && !usage.secrets) {
    problems.report('KDL029', place, 'a secret may not stand here', {
      hint: 'secrets may stand in env, secret and scripts only',
    });
    return null;
  }
  const found = lookUp(scope, path);
  switch (found.kind) {
    case 'known':
      return found.value === null ? (fallback ?? '') : printValue(found.value);
    case 'text':
      return found.text;
    case 'late':
      return { parts: [{ ref: found.ref, ...(fallback === null ? {} : { fallback }) }] };
    case 'open':
      return { parts: [{ ref: path.join('.'), ...(fallback === null ? {} : { fallback }) }] };
    case 'problem':
      if (found.code === 'KDL027' && fallback !== null) return fallback;
      reportLookup(problems, place, found);
      return null;
    default:
      throw new Error(`unknown lookup ${String(found satisfies never)}`);
  }
}

/** Reports why a path has no value. */
export function reportLookup(
  problems: Problems,
  place: Place,
  { code, message, hint }: Extract<Lookup, { kind: 'problem' }>,
): void {
  problems.report(code, place, message, hint === undefined ? {} : { hint });
}

/** A string that must be known when the run is planned: names, durations, conditions. */
export function readString(problems: Problems, scope: Scope, value: KdlValue): string | null {
  const text = interpolate(problems, scope, value, { secrets: false });
  if (text === null || typeof text === 'string') return text;
  const late = findLate(scope, text);
  if (late !== null) {
    problems.report('KDL028', value.place, `"${late}" is not known yet when the run is planned`, {
      hint: 'it may stand in env, image, workdir, scripts and when',
    });
  }
  return null;
}

/** The first reference of a text that only a run resolves; while validating, a fact of the trigger is merely unknown. */
export function findLate(scope: Scope, text: Exclude<Text, string>): string | null {
  const late = text.parts.find((part) => typeof part !== 'string' && isLate(scope, part.ref));
  return late === undefined || typeof late === 'string' ? null : late.ref;
}

function isLate(scope: Scope, ref: string): boolean {
  if (ref.startsWith(CHECKSUM)) return true;
  const found = lookUp(scope, ref.split('.'));
  return found.kind === 'late' || ref.startsWith('stages.');
}

/** A parameter's or fact's value as text; lists as JSON. */
export function printValue(value: PlanValue): string {
  return Array.isArray(value) ? JSON.stringify(value) : String(value);
}

/** Parts as the simplest text: neighbouring strings joined, a plain string where possible. */
export function joinParts(parts: readonly (string | LateReference)[]): Text {
  const joined: (string | LateReference)[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part === '') continue;
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else joined.push(part);
  }
  const [only] = joined;
  if (joined.length === 0) return '';
  return joined.length === 1 && typeof only === 'string' ? only : { parts: joined };
}

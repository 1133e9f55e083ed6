import type { GateField } from '#core/gate.ts';
import type { Problem } from '#core/rest.ts';
import { ProblemError } from '../problem.ts';

/**
 * Values of a gate's fields with defaults filled in. Throws 422 naming every field that is unknown, missing or of
 * another type. Patterns are RE2, which no value can hang.
 */
export async function checkFields(
  fields: readonly GateField[],
  given: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const errors: Problem['errors'] = [];
  const refuse = (name: string, code: string, message: string) =>
    errors.push({ pointer: `/fields/${name}`, code, message });
  for (const name of Object.keys(given)) {
    if (!fields.some((field) => field.name === name)) refuse(name, 'field-unknown', `the gate has no field ${name}`);
  }
  const values: Record<string, string> = {};
  for (const field of fields) {
    const value = Object.hasOwn(given, field.name) ? given[field.name] : (field.default ?? undefined);
    if (value === undefined) {
      if (field.required) refuse(field.name, 'field-missing', `the gate asks for ${field.name}`);
      continue;
    }
    const wrong = await findFault(field, value);
    if (wrong) refuse(field.name, 'field-invalid', wrong);
    values[field.name] = value;
  }
  if (errors.length === 0) return values;
  const detail = errors.map((error) => error.message).join('; ');
  throw new ProblemError(422, errors[0]?.code ?? 'field-invalid', detail, {
    errors,
    hint: 'give fields with --field NAME=VALUE',
  });
}

async function findFault(field: GateField, value: string): Promise<string | null> {
  switch (field.type) {
    case 'number':
      return value.trim() !== '' && Number.isFinite(Number(value)) ? null : `${field.name} is a number, not ${value}`;
    case 'boolean':
      return value === 'true' || value === 'false' ? null : `${field.name} is true or false, not ${value}`;
    case 'enum':
      return field.values.includes(value) ? null : `${field.name} is one of ${field.values.join(', ')}, not ${value}`;
    case 'string':
      if (field.match === null || (await isMatch(field.match, value))) return null;
      return `${field.name} does not match ${field.match}`;
    default:
      return field.type satisfies never;
  }
}

/** Loaded when a gate has a pattern, which few have. */
async function isMatch(pattern: string, value: string): Promise<boolean> {
  const { RE2JS } = await import('re2js');
  return RE2JS.compile(pattern).matcher(value).find();
}

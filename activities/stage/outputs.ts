import type { Reason } from '#core/attempt.ts';
import { readSealed } from '#core/sealed-text.ts';
import { createMasker } from '#store/log/mask.ts';

/** LANGUAGE §9. */
export const MAX_OUTPUT_BYTES = 65_536;

export type ParsedOutputs = { kind: 'outputs'; outputs: Record<string, string> } | { kind: 'refused'; reason: Reason };

export const NO_OUTPUTS = { kind: 'outputs', outputs: {} } as const satisfies ParsedOutputs;

const KEY = /^[A-Za-z_][\w-]*$/;

/**
 * What a stage appended to `$BUILDIT_OUTPUT`: lines `key=value`, and blocks `key<<EOF` up to a line that is just the
 * mark. A later key replaces an earlier one; an empty line is nothing; everything else is refused with its line.
 */
export function parseOutputs(bytes: Uint8Array, file = '$BUILDIT_OUTPUT'): ParsedOutputs {
  if (bytes.length > MAX_OUTPUT_BYTES) {
    return refuse('outputs-too-large', `the stage wrote more than 64 KiB to ${file}; keep large things as an artifact`);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('outputs-invalid', `${file} is not UTF-8 text`);
  }
  if (text.includes('\0')) return refuse('outputs-invalid', `${file} holds a NUL byte`);
  // Without prototype: a key may be called anything, also `__proto__`.
  const outputs: Record<string, string> = Object.create(null);
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line.trim() === '') continue;
    const block = /^([^=]*?)<<(\S+)\s*$/.exec(line);
    const [, name = '', mark = ''] = block ?? /^([^=]*)=/.exec(line) ?? [];
    const key = name.trim();
    if (!KEY.test(key)) {
      return refuse('outputs-invalid', `line ${index + 1} of ${file} is neither key=value nor key<<MARK`);
    }
    if (!block) {
      outputs[key] = line.slice(line.indexOf('=') + 1);
      continue;
    }
    const end = lines.indexOf(mark, index + 1);
    if (end === -1) {
      return refuse('outputs-invalid', `the block of "${key}" in line ${index + 1} of ${file} has no closing ${mark}`);
    }
    outputs[key] = lines.slice(index + 1, end).join('\n');
    index = end;
  }
  const posed = Object.keys(outputs).find((key) => readSealed(outputs[key] ?? '') !== null);
  if (posed !== undefined) {
    return refuse('outputs-invalid', `the value of "${posed}" in ${file} begins as sealed outputs do`);
  }
  return { kind: 'outputs', outputs: { ...outputs } };
}

/** A key that is an output and a secret one: which of them a stage would read could not be told. */
export function findOutputTwice(
  outputs: Readonly<Record<string, string>>,
  hidden: Readonly<Record<string, string>>,
): Reason | null {
  const key = Object.keys(hidden).find((each) => Object.hasOwn(outputs, each));
  if (key === undefined) return null;
  const message = `the output "${key}" stands in $BUILDIT_OUTPUT and in $BUILDIT_SECRET_OUTPUT`;
  return { code: 'outputs-invalid', message };
}

/** Secret outputs under the names that messages call them. */
export function nameOutputs(outputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(outputs).map(([key, value]) => [`output ${key}`, value]));
}

/** Outputs are kept in the clear and travel through histories: a secret's value must not be among them, nor what a log would not show of it. */
export function findSecretOutput(
  outputs: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): Reason | null {
  const maskers = Object.entries(secrets).flatMap(([name, value]) =>
    value.length > 1 ? [{ name, masker: createMasker([value]) }] : [],
  );
  for (const [key, value] of Object.entries(outputs)) {
    const bytes = Buffer.from(value);
    const found = maskers.find(({ masker }) =>
      [...masker.push(bytes), ...masker.end()].some(({ kind }) => kind === 'masked'),
    );
    if (found === undefined) continue;
    const { name } = found;
    const message = `the output "${key}" holds the value of the secret ${name}; outputs are kept in the clear`;
    return { code: 'outputs-hold-secret', message };
  }
  return null;
}

function refuse(code: string, message: string): ParsedOutputs {
  return { kind: 'refused', reason: { code, message } };
}

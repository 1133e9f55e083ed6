import type { Context } from 'hono';
import type * as z from 'zod/mini';
import type { ApiEnvironment } from './context.ts';
import { ProblemError } from './problem.ts';

/** Largest body: a pipeline file of 256 KiB, escaped, with params, environment and secrets. */
const MAX_BYTES = 2 * 1024 * 1024;

/**
 * A JSON body by its schema. Throws 400 for what is no JSON or has unknown fields, 413, 422 for invalid values and for
 * text with U+0000 or half a surrogate pair.
 */
export async function readBody<Schema extends z.ZodMiniType>(
  request: Context<ApiEnvironment>,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const text = await readText(request);
  let value: unknown;
  try {
    value = text === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw new ProblemError(400, 'json-invalid', 'the body is no JSON', {
      cause: error instanceof Error ? error.message : String(error),
    });
  }
  return check(schema, value);
}

/** Query parameters by their schema; unknown ones are 400, like unknown fields. */
export function readQuery<Schema extends z.ZodMiniType>(
  request: Context<ApiEnvironment>,
  schema: Schema,
): z.infer<Schema> {
  return check(schema, request.req.query());
}

function check<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    refuseIllFormed(parsed.data);
    return parsed.data;
  }
  const { issues } = parsed.error;
  const errors = issues.map((issue) => ({
    pointer: `/${issue.path.map(String).join('/')}`,
    code: issue.code,
    message: issue.code === 'unrecognized_keys' ? `unknown: ${issue.keys.join(', ')}` : issue.message,
  }));
  const isUnknown = issues.some((issue) => issue.code === 'unrecognized_keys');
  const detail = errors.map((error) => `${error.pointer} ${error.message}`).join('; ');
  throw isUnknown
    ? new ProblemError(400, 'field-unknown', detail, { errors })
    : new ProblemError(422, 'values-invalid', detail, { errors });
}

function refuseIllFormed(value: unknown): void {
  const pointers = listIllFormed(value, '');
  if (pointers.length === 0) return;
  const message = 'has NUL or is no Unicode';
  const errors = pointers.map((pointer) => ({ pointer, code: 'text-invalid', message }));
  throw new ProblemError(422, 'values-invalid', pointers.map((pointer) => `${pointer} ${message}`).join('; '), {
    errors,
  });
}

/** Pointers of names and texts with U+0000 or half a surrogate pair: no command, database or file takes them. */
function listIllFormed(value: unknown, pointer: string): string[] {
  if (typeof value === 'string') return isIllFormed(value) ? [pointer] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    isIllFormed(name)
      ? [`${pointer}/${name.replaceAll('\u0000', '\ufffd').toWellFormed()}`]
      : listIllFormed(inner, `${pointer}/${name}`),
  );
}

function isIllFormed(text: string): boolean {
  return text.includes('\u0000') || !text.isWellFormed();
}

async function readText(request: Context<ApiEnvironment>): Promise<string> {
  const announced = Number(request.req.header('content-length') ?? 0);
  const bytes = announced > MAX_BYTES ? null : Buffer.from(await request.req.arrayBuffer());
  if (bytes && bytes.byteLength <= MAX_BYTES) return bytes.toString('utf8');
  throw new ProblemError(413, 'body-too-large', `a body has at most ${MAX_BYTES} bytes`);
}

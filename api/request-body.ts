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
export async function readBody(request: Context<ApiEnvironment>, schema: z.ZodMiniType): Promise<unknown> {
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

/**
 * Query parameters by their schema; unknown ones are 400, like unknown fields, and so is one that comes twice but where
 * the schema has a list. `known` is left alone when the schema does not have it.
 */
export function readQuery(request: Context<ApiEnvironment>, schema: z.ZodMiniType, known: string | null): unknown {
  const shape: Readonly<Record<string, z.ZodMiniType>> =
    'shape' in schema ? ((schema as unknown as z.ZodMiniObject).shape as never) : {};
  const values = Object.entries(request.req.queries()).flatMap(([name, texts]): [string, unknown][] => {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (!field && name === known) return [];
    if (field?._zod.def.type === 'array') return [[name, texts]];
    if (texts.length === 1) return [[name, texts[0]]];
    const message = 'is given more than once';
    throw new ProblemError(400, 'field-duplicate', `?${name} ${message}`, {
      errors: [{ pointer: `/${name}`, code: 'field-duplicate', message }],
    });
  });
  return check(schema, Object.fromEntries(values));
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

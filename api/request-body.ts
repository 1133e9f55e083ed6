import type { Context } from 'hono';
import type * as z from 'zod/mini';
import type { ApiEnvironment } from './context.ts';
import { parseJson } from './json-text.ts';
import { ProblemError } from './problem.ts';

/** Largest JSON body: a pipeline file of 256 KiB, escaped, with params, environment and secrets. */
const MAX_BYTES = 2 * 1024 * 1024;

/** Errors that are told of one body or query. */
const MAX_ERRORS = 100;

/**
 * A JSON body by its schema; an empty one is `{}`. Throws 400 for what is no JSON or has unknown or double fields, 413,
 * 415 for another media type, 422 for invalid values and for text with U+0000 or half a surrogate pair.
 */
export async function readBody(request: Context<ApiEnvironment>, schema: z.ZodMiniType): Promise<unknown> {
  const bytes = await readBytes(request, MAX_BYTES);
  if (bytes.byteLength === 0) return check(schema, {});
  requireType(request, 'application/json');
  return check(schema, parseJson(decode(bytes)));
}

/**
 * The whole body, if it is not larger: throws 413 as soon as that is known, without reading the rest.
 *
 * @param most bytes
 */
export async function readBytes(request: Context<ApiEnvironment>, most: number): Promise<Buffer> {
  const tooLarge = () => new ProblemError(413, 'body-too-large', `a body has at most ${most} bytes here`);
  if (Number(request.req.header('content-length') ?? 0) > most) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.req.raw.body ?? []) {
    size += chunk.byteLength;
    if (size > most) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Query parameters by their schema; unknown ones are 400, like unknown fields, and so is one that comes twice but where
 * the schema has a list. `known` is left alone when the schema does not have it.
 */
export function readQuery(request: Context<ApiEnvironment>, schema: z.ZodMiniType, known: string | null): unknown {
  const shape = shapeOf(schema);
  const values = Object.entries(request.req.queries()).flatMap(([name, texts]): [string, unknown][] => {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (isList(field)) return [[name, texts]];
    if (texts.length === 1) return !field && name === known ? [] : [[name, texts[0]]];
    const message = 'is given more than once';
    throw new ProblemError(400, 'field-duplicate', `?${name} ${message}`, {
      errors: [{ pointer: `/${name}`, code: 'field-duplicate', message }],
    });
  });
  return check(schema, Object.fromEntries(values));
}

function isList(field: z.ZodMiniType | undefined): boolean {
  const def = field?._zod.def;
  return (
    def?.type === 'array' ||
    (def?.type === 'optional' && isList((def as z.core.$ZodOptionalDef).innerType as z.ZodMiniType))
  );
}

/** Fields of an object's schema; none of any other. */
export function shapeOf(schema: z.ZodMiniType): Readonly<Record<string, z.ZodMiniType>> {
  return 'shape' in schema ? (schema.shape as Record<string, z.ZodMiniType>) : {};
}

/**
 * Throws 415 for another media type. A page of another site can send a form without asking first, but neither JSON nor
 * bytes: with a browser's session the type must be said (I20). A program that says none means what is taken.
 */
export function requireType(request: Context<ApiEnvironment>, wanted: string): void {
  const header = request.req.header('content-type');
  if (header === undefined && request.get('principal')?.via !== 'session') return;
  const type = header?.split(';')[0]?.trim().toLowerCase();
  if (type === wanted) return;
  throw new ProblemError(415, 'content-type', `a body is taken as ${wanted} here, not as ${type || 'nothing'}`, {
    hint: `with curl: -H 'Content-Type: ${wanted}'`,
  });
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ProblemError(400, 'json-invalid', 'the body is no UTF-8');
  }
}

function check(schema: z.ZodMiniType, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    refuseIllFormed(parsed.data);
    return parsed.data;
  }
  const issues = parsed.error.issues.slice(0, MAX_ERRORS);
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

import type { Context } from 'hono';
import { html } from 'hono/html';
import type * as z from 'zod/mini';
import type { ApiEnvironment } from '../context.ts';
import { ProblemError } from '../problem.ts';
import type { Markup } from './page.ts';

/** What was sent, for the form to be shown again, and what is wrong with it by field. */
export interface Flaws {
  values: Readonly<Record<string, string>>;
  /** By name of the field; under `''` what concerns the form as a whole. */
  messages: Readonly<Record<string, string>>;
}

export const NO_FLAWS: Flaws = { values: {}, messages: {} };

const MAX_BYTES = 16 * 1_024;

/** A form's fields by its schema. Throws 400 for what no form of ours sends, 413. */
export async function readForm<Schema extends z.ZodMiniType>(
  request: Context<ApiEnvironment>,
  schema: Schema,
): Promise<{ kind: 'right'; fields: z.infer<Schema> } | { kind: 'wrong'; flaws: Flaws }> {
  const type = request.req.header('content-type')?.split(';')[0];
  if (type !== 'application/x-www-form-urlencoded') {
    throw new ProblemError(400, 'content-type', 'a form is sent as application/x-www-form-urlencoded');
  }
  if (Number(request.req.header('content-length') ?? MAX_BYTES + 1) > MAX_BYTES) {
    throw new ProblemError(413, 'body-too-large', `a form has at most ${MAX_BYTES} bytes, and says how many`);
  }
  const values = Object.fromEntries(new URLSearchParams(await request.req.text()));
  const parsed = schema.safeParse(values);
  if (parsed.success) return { kind: 'right', fields: parsed.data };
  const messages = parsed.error.issues.map((issue) => [issue.path.map(String).join('.'), issue.message] as const);
  return { kind: 'wrong', flaws: { values, messages: Object.fromEntries(messages.toReversed()) } };
}

/** A refusal as a flaw of the form: of the field it names, else of the whole. Anything else is thrown on. */
export function toFlaws(thrown: unknown, values: Record<string, string>): Flaws {
  if (!(thrown instanceof ProblemError) || thrown.problem.status >= 500) throw thrown;
  const { errors, detail, hint } = thrown.problem;
  const messages = errors.map(({ pointer, message }) => [pointer.slice(1), message] as const);
  return {
    values,
    messages: messages.length > 0 ? Object.fromEntries(messages) : { '': hint ? `${detail}; ${hint}` : detail },
  };
}

/** What concerns the form as a whole, read out at once. */
export function showAlert({ messages }: Flaws): Markup | string {
  const text = messages[''];
  return text === undefined ? '' : html`<p class="alert" role="alert">${text}</p>`;
}

/** A labelled field, with its hint or its flaw; a password is never sent back. */
export function showField(
  flaws: Flaws,
  field: {
    name: string;
    label: string;
    type?: 'text' | 'email' | 'password';
    autocomplete: string;
    hint?: string;
    value?: string;
    isFirst?: boolean;
  },
): Markup {
  const { name, type = 'text' } = field;
  const flaw = flaws.messages[name];
  const note = flaw ?? field.hint;
  const value = type === 'password' ? '' : (flaws.values[name] ?? field.value ?? '');
  return html`<label for="${name}">${field.label}</label>
    <input
      id="${name}"
      name="${name}"
      type="${type}"
      value="${value}"
      autocomplete="${field.autocomplete}"
      required
      ${field.isFirst ? 'autofocus' : ''}
      ${flaw ? html`aria-invalid="true"` : ''}
      ${note ? html`aria-describedby="${name}-note"` : ''}
      ${type === 'text' ? html`autocapitalize="none" spellcheck="false"` : ''}
    />
    ${note ? html`<p class="${flaw ? 'flaw' : 'hint'}" id="${name}-note">${note}</p>` : ''}`;
}

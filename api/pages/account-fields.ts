import { html } from 'hono/html';
import * as z from 'zod/mini';
import { emailSchema, userNameSchema } from '../sign-in/names.ts';
import { PASSWORD_LENGTH } from '../sign-in/password.ts';
import { showField, type Flaws } from './form.ts';
import type { Markup } from './page.ts';

/** Fields of a form that makes an account. */
export const accountFields = { name: userNameSchema, email: emailSchema, password: z.string() };

/** @param email the address that an invitation was made for */
export function showAccountFields(flaws: Flaws, email = ''): Markup {
  return html`${showField(flaws, {
    ...{ name: 'name', label: 'Name', autocomplete: 'username', isFirst: true },
    hint: 'short, as in user:ann',
  })}
  ${showField(flaws, { name: 'email', label: 'E-mail', type: 'email', autocomplete: 'email', value: email })}
  ${showField(flaws, {
    ...{ name: 'password', label: 'Password', type: 'password', autocomplete: 'new-password' },
    hint: `at least ${PASSWORD_LENGTH.least} characters`,
  })}`;
}

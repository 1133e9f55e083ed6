import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import * as z from 'zod/mini';
import { bindDeviceGrant, decideDeviceGrant } from '#db/queries/device-grants.ts';
import type { DeviceGrantRow } from '#db/rows.ts';
import { isFresh } from '../access/fresh.ts';
import type { ApiContext, ApiEnvironment } from '../context.ts';
import { hashUserCode, writeUserCode } from '../sign-in/device-flow.ts';
import { takeGuess } from '../sign-in/guesses.ts';
import { NO_FLAWS, readForm, showAlert, showField, type Flaws } from './form.ts';
import { answerPage, type Markup } from './page.ts';

const formSchema = z.object({ code: z.string(), verdict: z.enum(['confirm', 'refuse']) });
const title = 'Sign in a command line';

/** Somebody who may confirm: with an account, and here since a few minutes at most. */
interface Confirmer {
  actor: string;
  session: { id: string; userId: string };
}

/** `/login/device`: shows what asks to be signed in, and confirms it (RFC 8628). */
export function addDevicePages(app: Hono<ApiEnvironment>, context: ApiContext): void {
  app.get('/login/device', async (request) => {
    const code = request.req.query('code') ?? '';
    const confirmer = findConfirmer(request);
    if (confirmer === 'local') return answerPage(request, { title, body: ACCOUNT_MISSING, status: 403 });
    if (confirmer === null) return request.redirect(`/login?again&return=${encodeURIComponent(pathOf(code))}`);
    if (code === '') return answerPage(request, { title, body: showEntry(NO_FLAWS) });
    const guess = await takeGuess(context.database, {
      ...{ at: 'device', account: confirmer.session.userId, address: request.env.address },
    });
    const grant = await bindDeviceGrant(context.database, hashUserCode(code), confirmer.session);
    if (!grant) {
      const flaws = { values: { code }, messages: { code: 'there is no such sign-in, or it is too old' } };
      return answerPage(request, { title, body: showEntry(flaws), status: 404 });
    }
    await guess.forgive();
    return answerPage(request, { title, body: showConsent(grant, code, confirmer.actor) });
  });
  app.post('/login/device', async (request) => {
    const form = await readForm(request, formSchema);
    if (form.kind === 'wrong') return answerPage(request, { title, body: showEntry(form.flaws), status: 422 });
    const { code, verdict } = form.fields;
    const confirmer = findConfirmer(request);
    if (confirmer === 'local') return answerPage(request, { title, body: ACCOUNT_MISSING, status: 403 });
    if (confirmer === null) return request.redirect(`/login?again&return=${encodeURIComponent(pathOf(code))}`, 303);
    const state = verdict === 'confirm' ? 'approved' : 'denied';
    // Without the page having been shown to this very session nothing is bound to it, and nothing is found.
    const grant = await decideDeviceGrant(context.database, hashUserCode(code), confirmer.session.id, state);
    if (!grant) {
      const flaws = { values: { code }, messages: { code: 'there is no such sign-in, or it is too old' } };
      return answerPage(request, { title, body: showEntry(flaws), status: 404 });
    }
    return answerPage(request, {
      title: verdict === 'confirm' ? 'Signed in' : 'Refused',
      body:
        verdict === 'confirm'
          ? html`<p><code>${grant.client}</code> is signed in. You may close this page.</p>`
          : html`<p><code>${grant.client}</code> is not signed in. You may close this page.</p>`,
    });
  });
}

function findConfirmer(request: Context<ApiEnvironment>): Confirmer | 'local' | null {
  const principal = request.get('principal');
  // What confirms here makes tokens: a browser left open is not enough.
  if (!principal?.sessionId || principal.via !== 'session') return null;
  if (principal.userId === null) return 'local';
  if (!isFresh(principal)) return null;
  return { actor: principal.actor, session: { id: principal.sessionId, userId: principal.userId } };
}

function pathOf(code: string): string {
  return code === '' ? '/login/device' : `/login/device?code=${encodeURIComponent(writeUserCode(code))}`;
}

const ACCOUNT_MISSING = html`<p class="alert" role="alert">
  The local user has no account a command line could be signed in with; on this machine it needs none.
</p>`;

function showEntry(flaws: Flaws): Markup {
  return html`<p>Type the code that the command line shows.</p>
    ${showAlert(flaws)}
    <form method="get" action="/login/device">
      ${showField(flaws, { name: 'code', label: 'Code', autocomplete: 'one-time-code', isFirst: true })}
      <div class="buttons"><button>Go on</button></div>
    </form>`;
}

function showConsent(grant: DeviceGrantRow, code: string, actor: string): Markup {
  return html`<p>Confirm only what you have just started yourself, and only when the codes are the same.</p>
    <dl>
      <dt>Code</dt>
      <dd class="code">${writeUserCode(code)}</dd>
      <dt>Command line</dt>
      <dd>${grant.client}</dd>
      <dt>Its address</dt>
      <dd>${grant.address}</dd>
      <dt>Rights</dt>
      <dd>all that <code>${actor}</code> has, until it is signed out</dd>
    </dl>
    <form method="post" action="/login/device">
      <input type="hidden" name="code" value="${writeUserCode(code)}" />
      <div class="buttons">
        <button name="verdict" value="confirm">Confirm</button>
        <button name="verdict" value="refuse" class="plain">Refuse</button>
      </div>
    </form>`;
}

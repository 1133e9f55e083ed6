import { pipeline, Transform } from 'node:stream';
import type { Hono } from 'hono';
import { createApp } from '#api/app.ts';
import type { ApiEnvironment } from '#api/context.ts';
import { servePort, type ServedPort } from '#api/serve.ts';
import { HEALTH_STATES, type HealthFact } from '#core/rest-health.ts';
import type { GateState } from '#core/run.ts';
import type { TestPerson } from '#test/env/people.ts';
import { AT, ended, node, playBatch } from '#test/env/use-api.ts';
import type { TestServer } from '#test/env/use-server.ts';
import { fillPages } from './fill-pages.ts';

/** The moment of every picture, an hour after what the runs of the tests went through and far from the next minute. */
export const PICTURED_AT = new Date(Date.parse(AT) + 3_630_500);
/** When all came to be that a test makes as it begins. */
const BORN = Date.parse(AT) - 600_000;
const STARTED = Date.parse(AT) - 540_000;

const GATED = 'gate "ship" { approve from="user:op" }\nstage "a" needs="ship" { image "busybox:1.37"; run "true" }\n';
const BROKEN = 'stage "a" { image "busybox:1.37"; run "true" }\n';
const OPEN: GateState = {
  name: 'ship',
  status: { kind: 'waiting', reason: { code: 'gate', message: 'waits for a decision' } },
  ...{ openedAt: AT, expiresAt: null, remindedAt: null, decisions: [], unmet: [{ from: 'user:op', min: 1 }] },
};

/** A port whose answers are the same each time a test asks, and who sees all of it. */
export interface FixedWorld {
  port: ServedPort;
  person: TestPerson;
}

/** The world of `fillPages`, with something that waits and something that is broken; close its port at the end. */
export async function openFixedWorld(server: TestServer): Promise<FixedWorld> {
  const { api, ann } = server;
  const began = Date.now();
  const person = await fillPages(server);
  for (const [name, text] of [['gated', GATED] as const, ['broken', BROKEN] as const]) {
    await ann('POST', '/pipelines?workspace=acme/shop', { name, text });
    const run = (await ann('POST', `/pipelines/${name}/runs`, { branch: 'main' })).body as { id: string };
    if (name === 'gated') await playBatch(api, run, 1, { gates: [OPEN] });
    else await playBatch(api, run, 1, { run: ended('failed'), nodes: [node('a', ended('failed'))] });
  }
  const { database } = api;
  await database`
    UPDATE pipelines SET repository = 'git.example/acme/walked', default_branch = 'main' WHERE name = 'walked'`;
  // What the server itself counts from: how long a run took, how long it waited.
  await database`UPDATE runs SET created_at = ${toIso(BORN)}, started_at = ${toIso(STARTED)}`;
  await database`UPDATE attempts SET created_at = ${toIso(BORN)}, started_at = ${toIso(STARTED)}, ended_at = ${AT}`;
  const app = settleAnswers(createApp(api.context), began);
  return { port: await servePort(app, { host: '127.0.0.1', port: 0, trustedProxies: [] }), person };
}

const toIso = (at: number) => new Date(at).toISOString();
const MOMENT = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
/** Making the world takes less, also on a busy machine: what lies so near to its beginning is of the beginning. */
const NEAR_MS = 3_600_000;
const LONG_AGO_MS = 86_400_000;

/**
 * The app as of the moment of the pictures: what has just been made was made at the same moment each time, what ends in
 * a month ends a month later. What a test has set by itself lies in the past and stays, and so does the clock of the
 * server, which pages put theirs by. Of health, the machine is well: how fast it is now is no part of a picture.
 */
function settleAnswers(app: Hono<ApiEnvironment>, began: number): Pick<Hono<ApiEnvironment>, 'fetch'> {
  const settleMoment = (moment: string) => {
    const since = Date.parse(moment) - began;
    return since < -LONG_AGO_MS ? moment : toIso(BORN + Math.round(since / NEAR_MS) * NEAR_MS);
  };
  const settleValue = (key: string, value: unknown): unknown => {
    if (key === 'faults') return [];
    if (key === 'facts' && Array.isArray(value)) return value.map(toWell);
    if (key === 'status' && HEALTH_STATES.some((state) => state === value)) return 'ok';
    return key !== 'serverTime' && typeof value === 'string' && MOMENT.test(value) ? settleMoment(value) : value;
  };
  const settle = (text: string) => JSON.stringify(JSON.parse(text, settleValue));
  return {
    async fetch(request, environment, execution) {
      if (request.method !== 'GET') return app.fetch(request, environment, execution);
      const headers = new Headers(request.headers);
      // Compressed it could not be read here.
      headers.delete('accept-encoding');
      const asked = new Request(request.url, { headers, signal: request.signal });
      const answer = await app.fetch(asked, environment, execution);
      const bindings = environment as ApiEnvironment['Bindings'];
      const { writeBody } = bindings;
      if (writeBody) {
        // Of a stream each event comes whole.
        bindings.writeBody = (connection) => {
          const events = new Transform({
            transform: (text, _encoding, done) => done(null, String(text).replaceAll(/(?<=^data: ).+$/gm, settle)),
          });
          pipeline(events, connection, () => undefined);
          writeBody(events);
        };
      }
      if (!answer.body) return answer;
      const rewrite = async (change: (text: string) => string) => {
        const own = new Headers(answer.headers);
        own.delete('content-length');
        return new Response(change(await answer.text()), { status: answer.status, headers: own });
      };
      switch ((answer.headers.get('content-type') ?? '').split(';', 1)[0] ?? '') {
        case 'application/json':
          return rewrite(settle);
        case 'application/x-ndjson':
          return rewrite((lines) => lines.replaceAll(/^.+$/gm, settle));
        case 'text/css':
          // As on a second load of a quiet machine, where each font is there in time.
          return rewrite((css) => css.replaceAll('font-display:optional', 'font-display:block'));
        default:
          return answer;
      }
    },
  };
}

function toWell(fact: HealthFact): HealthFact {
  return { ...fact, state: 'ok', value: 'well', remedy: null };
}

import * as z from 'zod/mini';
import { sourceOf } from '../audit/record-audit.ts';
import type { ApiContext } from '../context.ts';
import { route, type Route } from '../route.ts';
import { deviceCodeSchema, deviceTokensSchema } from '../schemas/sign-in.ts';
import { claimDeviceTokens, refreshTokens, requestDeviceCode } from '../sign-in/device-flow.ts';
import { displayNameSchema } from '../sign-in/names.ts';
import { publicAddress } from '../sign-in/public-address.ts';

const codeSchema = z.string().check(z.minLength(1), z.maxLength(200));
const tag = 'me';
const access = { kind: 'public' } as const;

/** Signing in a command line that has no browser of its own (RFC 8628). */
export function deviceRoutes(context: ApiContext): Route[] {
  return [
    route({
      ...{ method: 'post', path: '/device/code', name: 'requestDeviceCode', tag, access },
      summary: 'Begins a sign-in: answers a code for the person and one for the command line.',
      body: z.strictObject({ client: displayNameSchema }),
      answers: { 200: deviceCodeSchema },
      async handle({ request, body }) {
        const page = `${publicAddress(context, request)}/login/device`;
        const from = { client: body.client, address: request.env.address, page };
        return request.json(await requestDeviceCode(context.database, from));
      },
    }),
    route({
      ...{ method: 'post', path: '/device/token', name: 'claimDeviceTokens', tag, access },
      summary: 'Answers the tokens of a sign-in once the person has confirmed it.',
      body: z.strictObject({ deviceCode: codeSchema }),
      answers: { 200: deviceTokensSchema },
      handle: async ({ request, body }) =>
        request.json(await claimDeviceTokens(context.database, body.deviceCode, sourceOf(request, 'anonymous'))),
    }),
    route({
      ...{ method: 'post', path: '/device/refresh', name: 'refreshDeviceTokens', tag, access },
      summary: 'Answers new tokens for a refresh token, which works once.',
      body: z.strictObject({ refreshToken: codeSchema }),
      answers: { 200: deviceTokensSchema },
      handle: async ({ request, body }) =>
        request.json(await refreshTokens(context.database, body.refreshToken, sourceOf(request, 'anonymous'))),
    }),
  ];
}

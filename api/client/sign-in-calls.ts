import type { DeviceCodeObject, DeviceTokensObject, MeObject } from '#core/rest-sign-in.ts';
import type { Http } from './http.ts';

/** Signing in and out (I22), and who is signed in. */
export function signInCalls({ get, write }: Http) {
  return {
    requestDeviceCode: (client: string) => write<DeviceCodeObject>('POST', 'device/code', { client }),
    /** Refused with `authorization-pending` or `slow-down` until the person has answered. */
    pollDeviceToken: (deviceCode: string) => write<DeviceTokensObject>('POST', 'device/token', { deviceCode }),
    refreshDeviceToken: (refreshToken: string) => write<DeviceTokensObject>('POST', 'device/refresh', { refreshToken }),
    endDeviceSession: () => write<void>('DELETE', 'me/session'),
    /** A path that signs a browser in once; on the socket only. */
    createOpenLink: () => write<{ path: string; expiresAt: string }>('POST', 'one-time-links', { purpose: 'open' }),
    getMe: () => get<MeObject>('me'),
  };
}

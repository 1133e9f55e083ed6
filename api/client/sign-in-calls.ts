import type { Http } from './http.ts';

/** Answer of `POST /device/code`: the codes of a sign-in that a person confirms in a browser. */
export interface DeviceCode {
  deviceCode: string;
  /** What the person compares: `BCDF-GHJK`. */
  userCode: string;
  verificationUri: string;
  verificationUriComplete: string;
  expiresInMs: number;
  intervalMs: number;
}

/** A session of the command line. */
export interface DeviceTokens {
  accessToken: string;
  refreshToken: string;
  /** Of the access token, ISO. */
  expiresAt: string;
}

/** `GET /me`: who the caller is, and where they may do what. */
export interface Me {
  actor: string;
  user: { id: string; name: string; displayName: string | null; email: string | null } | null;
  isOperator: boolean;
  organizations: {
    id: string;
    name: string;
    role: string | null;
    actions: string[];
    workspaces: { id: string; name: string; actions: string[] }[];
  }[];
}

/** Signing in and out (I22), and who is signed in. */
export function signInCalls({ get, write }: Http) {
  return {
    requestDeviceCode: (client: string) => write<DeviceCode>('POST', 'device/code', { client }),
    /** Refused with `authorization-pending` or `slow-down` until the person has answered. */
    pollDeviceToken: (deviceCode: string) => write<DeviceTokens>('POST', 'device/token', { deviceCode }),
    refreshDeviceToken: (refreshToken: string) => write<DeviceTokens>('POST', 'device/refresh', { refreshToken }),
    endDeviceSession: () => write<void>('DELETE', 'me/session'),
    getMe: () => get<Me>('me'),
  };
}

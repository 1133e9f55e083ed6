import { afterAll, beforeAll } from 'vitest';
import type { ServedPort } from '#api/serve.ts';
import type { TestApi } from './api.ts';
import { askAs, type Ask } from './ask.ts';
import { addOrganization, addPerson, openPort, type TestOrganization, type TestPerson } from './people.ts';
import { useApi } from './use-api.ts';

/** An API with a port, an organization `acme` with the workspaces `shop` and `bank`, and people in it. */
export interface TestServer {
  api: TestApi;
  port: ServedPort;
  acme: TestOrganization;
  /** Owner of acme. */
  ann: Ask;
  /** Developer of acme/shop. */
  bo: Ask;
  /** Viewer of acme/shop. */
  vic: Ask;
  /** Owner of another organization, `other/shop`. */
  mallory: Ask;
  /** The same people with what they sign in with. */
  people: Record<'ann' | 'bo' | 'vic' | 'mallory', TestPerson>;
}

/** One server for all tests of a `describe`. The answer works inside tests only. */
export function useServer(): () => TestServer {
  const useIt = useApi();
  let server: TestServer | null = null;
  beforeAll(async () => {
    const api = useIt();
    const { database } = api;
    const acme = await addOrganization(database, 'acme', ['shop', 'bank']);
    const other = await addOrganization(database, 'other', ['shop']);
    const port = await openPort(api.context);
    const inShop = (role: string) => ({ organizationId: acme.id, bindings: { [acme.workspaces['shop'] ?? '']: role } });
    const people = {
      ann: await addPerson(database, 'ann', { organizationId: acme.id, role: 'owner' }),
      bo: await addPerson(database, 'bo', inShop('developer')),
      vic: await addPerson(database, 'vic', inShop('viewer')),
      mallory: await addPerson(database, 'mallory', { organizationId: other.id, role: 'owner' }),
    };
    server = {
      ...{ api, port, acme, people },
      ...{ ann: askAs(port, people.ann), bo: askAs(port, people.bo) },
      ...{ vic: askAs(port, people.vic), mallory: askAs(port, people.mallory) },
    };
  });
  afterAll(async () => {
    await server?.port.close();
  });
  return () => {
    if (!server) throw new Error('the server is there inside tests only');
    return server;
  };
}

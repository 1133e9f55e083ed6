import type { CreateSecretRequest, SecretAccessObject, SecretObject } from '#core/rest-secrets.ts';
import type { Page } from '#core/rest.ts';
import { toQuery, type Http } from './http.ts';

/** Secrets of a server: written, never read. */
export function secretCalls({ get, write }: Http) {
  return {
    listSecrets: (query: { workspace: string | null; name?: string; limit?: number; cursor?: string | null }) =>
      get<Page<SecretObject>>(`secrets${toQuery(query)}`),
    createSecret: (workspace: string | null, body: CreateSecretRequest) =>
      write<SecretObject>('POST', `secrets${toQuery({ workspace })}`, body),
    /** `seq` is that of the object the change was made against. */
    replaceSecret: ({ id, seq }: SecretObject, value: string) =>
      write<SecretObject>('PUT', `secrets/${id}`, { value }, { etag: `"${seq}"` }),
    /** `name` says that it is known to be in use. */
    deleteSecret: ({ id, seq, name }: SecretObject) =>
      write<void>('DELETE', `secrets/${id}`, { name }, { etag: `"${seq}"` }),
    listSecretAccesses: (id: string, query: { limit?: number; cursor?: string | null }) =>
      get<Page<SecretAccessObject>>(`secrets/${id}/accesses${toQuery(query)}`),
  };
}

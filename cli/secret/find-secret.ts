import type { ApiClient } from '#api/client/client.ts';
import type { CreateSecretRequest, SecretObject } from '#core/rest-secrets.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';

/** Where the secret of a command holds: in the workspace, or by `--env`, `--pipeline` in a part of it. */
export type AskedScope = Exclude<NonNullable<CreateSecretRequest['scope']>, { kind: 'organization' }>;

export function readScope(options: { env: string | null; pipeline: string | null }): AskedScope {
  const { env, pipeline } = options;
  if (env !== null && pipeline !== null) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: 'a secret is of an environment or of a pipeline, not of both',
      fix: 'leave --env or --pipeline out',
    });
  }
  if (env !== null) return { kind: 'environment', environment: env };
  return pipeline === null ? { kind: 'workspace' } : { kind: 'pipeline', pipeline };
}

/** The secret of that name with that very scope; null when there is none. */
export async function findSecret(
  api: ApiClient,
  workspace: string | null,
  name: string,
  scope: AskedScope,
): Promise<SecretObject | null> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<ApiClient['listSecrets']>> = await api.listSecrets({ workspace, name, cursor });
    const found = page.items.find((secret) => isOf(secret, scope));
    if (found) return found;
    cursor = page.next;
  } while (cursor !== null);
  return null;
}

/** Like {@link findSecret}, exit 5 when there is none. */
export async function requireSecret(
  api: ApiClient,
  workspace: string | null,
  name: string,
  scope: AskedScope,
): Promise<SecretObject> {
  const found = await findSecret(api, workspace, name, scope);
  if (found) return found;
  throw new CommandError(EXIT.notFound, {
    code: 'secret-unknown',
    message: `there is no secret ${name} of ${describeAsked(scope)}`,
    fix: 'buildit secrets list shows what there is; --env E and --pipeline P name its scope',
  });
}

/** `acme/shop`, `acme/shop production`, `acme`. */
export function describeScope({ scope }: Pick<SecretObject, 'scope'>): string {
  switch (scope.kind) {
    case 'organization':
      return scope.organization;
    case 'workspace':
      return scope.workspace;
    case 'environment':
      return `${scope.workspace} environment ${scope.environment}`;
    case 'pipeline':
      return `${scope.workspace} pipeline ${scope.pipeline}`;
    default:
      return scope satisfies never;
  }
}

function describeAsked(scope: AskedScope): string {
  switch (scope.kind) {
    case 'workspace':
      return 'the workspace';
    case 'environment':
      return `the environment ${scope.environment}`;
    case 'pipeline':
      return `the pipeline ${scope.pipeline}`;
    default:
      return scope satisfies never;
  }
}

function isOf(secret: SecretObject, scope: AskedScope): boolean {
  switch (scope.kind) {
    case 'workspace':
      return secret.scope.kind === 'workspace';
    case 'environment':
      return secret.scope.kind === 'environment' && secret.scope.environment === scope.environment;
    case 'pipeline':
      return secret.scope.kind === 'pipeline' && secret.scope.pipeline === scope.pipeline;
    default:
      return scope satisfies never;
  }
}

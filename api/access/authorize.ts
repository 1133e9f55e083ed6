import { ACTIONS_OVER_ORGANIZATION, isOrganizationAction, leastRoleFor, type Action } from '#core/permission.ts';
import type { Can } from '#core/rest.ts';
import { inScope, type Scope } from '#db/scope.ts';
import type { ApiContext } from '../context.ts';
import { notFound, ProblemError } from '../problem.ts';
import type { RouteAccess } from '../route.ts';
import { FIND_OWNER } from './find-owner.ts';
import { isAllowed, scopeOfPrincipal, type Owner, type Principal } from './principal.ts';

/** What a request says that access depends on. */
export interface Asked {
  param(name: string): string;
  query(name: string): string | undefined;
}

/** Lets the principal pass, or throws 401, 404, 403, 422 in the order of {@link RouteAccess}. */
export async function authorize(
  context: ApiContext,
  access: RouteAccess,
  principal: Principal | null,
  asked: Asked,
): Promise<(Owner & { id?: string }) | null> {
  if (access.kind === 'public') return null;
  if (!principal) throw new ProblemError(401, 'not-signed-in', 'the request has no valid session or token');
  switch (access.kind) {
    case 'signed-in':
      return null;
    case 'local':
      if (principal.via === 'local') return null;
      throw new ProblemError(403, 'local-only', 'this is taken over the unix socket only');
    case 'operator':
      requireOperator(principal);
      return null;
    case 'object': {
      const reference = asked.param(access.param);
      const scope = narrow(principal, asked.query('workspace'));
      const owner = await inScope(context.database, scope, (scoped) =>
        FIND_OWNER[access.object](scoped, reference, principal),
      );
      if (!owner) throw notFound(`${access.object} ${reference}`);
      const { action, organizationAction = action } = access;
      requireAction(principal, owner.workspaceId === null ? organizationAction : action, owner);
      return owner;
    }
    case 'workspace': {
      const owner = chooseWorkspace(principal, asked.query('workspace'));
      requireAction(principal, access.action, owner);
      return owner;
    }
    case 'organization': {
      const owner = chooseOrganization(principal, asked.query('organization'));
      requireAction(principal, access.action, owner);
      return owner;
    }
    case 'workspace-or-organization': {
      const name = asked.query('workspace');
      const owner =
        name === undefined
          ? chooseOrganization(principal, asked.query('organization'))
          : chooseWorkspace(principal, name);
      requireAction(principal, name === undefined ? access.organization : access.workspace, owner);
      return owner;
    }
    default:
      return access satisfies never;
  }
}

/** What the principal sees, of the named workspace alone: a name may be in several. */
function narrow(principal: Principal, workspace: string | undefined): Scope {
  const scope = scopeOfPrincipal(principal);
  if (workspace === undefined) return scope;
  const { workspaceId } = chooseWorkspace(principal, workspace);
  return { ...scope, workspaceIds: scope.workspaceIds.filter((id) => id === workspaceId) };
}

/** Throws 403 for anybody but those who look after the installation. */
export function requireOperator(principal: Principal): void {
  if (principal.isOperator) return;
  throw new ProblemError(403, 'not-allowed', 'only an operator of this installation may do this');
}

/** Throws 403 with what is lacking and who can grant it. */
export function requireAction(principal: Principal, action: Action, owner: Owner): void {
  const can = explainAction(principal, action, owner);
  if (can === true) return;
  throw new RefusedError(can, owner, over(action, owner));
}

/** A refusal that says where it happened: it is audited there (audit/record-refusal.ts). */
export class RefusedError extends ProblemError {
  readonly owner: Owner;
  /** `right` is what is lacking: programs find it in `errors`. */
  constructor(can: Exclude<Can, true>, owner: Owner, right: Action) {
    super(403, can.code, can.no, { errors: [{ pointer: '/right', code: 'right-missing', message: right }] });
    this.owner = owner;
  }
}

/** The same answer for the `can` of an object (UI §9). */
export function explainAction(principal: Principal, wanted: Action, owner: Owner): Can {
  const action = over(wanted, owner);
  const place = isOrganizationAction(action) ? { organizationId: owner.organizationId, workspaceId: null } : owner;
  if (isAllowed(principal, action, place)) return true;
  return { no: `this needs the right ${action}: ask for the role ${leastRoleFor(action)}`, code: 'not-allowed' };
}

/** The right that an action takes there: over what is of the organization as a whole it may be another. */
function over(action: Action, owner: Owner): Action {
  return owner.workspaceId === null ? (ACTIONS_OVER_ORGANIZATION[action] ?? action) : action;
}

/** The workspace of this name, or the only one the principal has. Throws 404, 422 `workspace-missing`. */
export function chooseWorkspace(principal: Principal, name: string | undefined): Owner {
  const all = principal.organizations.flatMap((organization) =>
    organization.workspaces.map((workspace) => ({
      name: `${organization.name}/${workspace.name}`,
      owner: { organizationId: organization.id, workspaceId: workspace.id },
    })),
  );
  const [only, ...more] = name === undefined ? all : all.filter((workspace) => workspace.name === name);
  if (only && more.length === 0) return only.owner;
  if (name !== undefined || !only) throw notFound(name === undefined ? 'workspace for you' : `workspace ${name}`);
  throw new ProblemError(422, 'workspace-missing', 'you are in several workspaces', {
    hint: `say which: ?workspace=${all.map((workspace) => workspace.name).join(' or ')}`,
  });
}

function chooseOrganization(principal: Principal, name: string | undefined): Owner {
  const found = principal.organizations.filter((organization) => name === undefined || organization.name === name);
  const [only, ...more] = found;
  if (only && more.length === 0) return { organizationId: only.id, workspaceId: null };
  if (name !== undefined || !only) throw notFound(name === undefined ? 'organization for you' : `organization ${name}`);
  throw new ProblemError(422, 'organization-missing', 'you are in several organizations', {
    hint: `say which: ?organization=${found.map((organization) => organization.name).join(' or ')}`,
  });
}

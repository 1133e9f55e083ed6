import type { ApiClient } from '#api/client/client.ts';
import type { RunObject } from '#core/rest.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { findFolderPipeline } from './folder-pipeline.ts';
import { LOCAL, type Place, workspaceOf } from './place.ts';
import { readRunReference, type RunReference } from './run-reference.ts';
import { openPlace, placeOf, type Session, type SessionCall } from './session.ts';

/** A run that was named on the command line, and the way to where it is. */
export interface OpenRun {
  session: Session;
  api: ApiClient;
  run: RunObject;
}

export type RunCall = SessionCall & { folder: string };

/** Finds RUN at the place it belongs to: the chosen one, or the one that the name itself tells. */
export async function openRun(call: RunCall, word: string | undefined): Promise<OpenRun> {
  const asked = readRunReference(word ?? '');
  const place = choosePlaceOf(call, asked);
  const session = await openPlace(call, place);
  const api = session.api();
  return { session, api, run: await findRun(call, api, place, asked) };
}

async function findRun(call: RunCall, api: ApiClient, place: Place, asked: RunReference): Promise<RunObject> {
  const workspace = workspaceOf(place);
  switch (asked.kind) {
    case 'whole':
    case 'local':
    case 'address': {
      const hash = asked.reference.lastIndexOf('#');
      if (hash < 1) return api.getRun(asked.reference);
      const [pipeline, number] = [asked.reference.slice(0, hash), asked.reference.slice(hash + 1)];
      return api.getPipelineRun({ pipeline, workspace }, number);
    }
    case 'number': {
      if (place.kind === 'local') return api.getRun(asked.number);
      const pipeline = await findFolderPipeline(call.folder, api, workspace);
      if (pipeline === null) throw refuseNumber(asked.number);
      return api.getPipelineRun({ pipeline: pipeline.id, workspace: null }, asked.number);
    }
    case 'last': {
      if (place.kind === 'local') return api.getRun('@last');
      const pipeline = await findFolderPipeline(call.folder, api, workspace);
      const { items } = await api.listRuns({
        ...{ workspace, limit: 1 },
        ...(pipeline === null ? {} : { pipeline: pipeline.id }),
      });
      const newest = items[0];
      if (!newest) throw refuseLast(pipeline?.name ?? null, place.url);
      return newest;
    }
    default:
      return asked satisfies never;
  }
}

/** `local/17` is this machine's unless `--context` says else; an address is of the context with that server. */
function choosePlaceOf(call: RunCall, asked: RunReference): Place {
  if (asked.kind === 'local' && call.options.context === null) return { kind: 'local' };
  if (asked.kind !== 'address') return placeOf(call);
  const chosen = placeOf(call);
  const isThere = (url: string) =>
    new URL(url).origin === asked.origin && asked.pathname.startsWith(`${new URL(url).pathname.replace(/\/$/, '')}/`);
  const workspace = (own: string | null) => call.options.workspace ?? asked.workspace ?? own;
  if (chosen.kind === 'server' && isThere(chosen.url)) return { ...chosen, workspace: workspace(chosen.workspace) };
  const known = call.config.contexts.find(({ server }) => isThere(server.value));
  if (!known) {
    throw new CommandError(EXIT.notAllowed, {
      code: 'not-signed-in',
      message: `nobody is signed in to ${asked.origin}`,
      fix: `buildit login ${asked.origin}`,
    });
  }
  return {
    kind: 'server',
    context: known.name,
    url: known.server.value,
    workspace: workspace(known.workspace?.value ?? null),
    token: null,
  };
}

function refuseNumber(number: string): CommandError {
  return new CommandError(EXIT.usage, {
    code: 'usage',
    message: `the run ${number} of which pipeline? The server has none of this folder's name`,
    fix: `name it: PIPELINE#${number}; for a run of this machine local/${number}, or --context ${LOCAL}`,
  });
}

function refuseLast(pipeline: string | null, url: string): CommandError {
  return new CommandError(EXIT.notFound, {
    code: 'not-found',
    message: pipeline === null ? `there is no run yet at ${url}` : `the pipeline ${pipeline} has no run yet`,
    fix: `buildit trigger ${pipeline ?? 'PIPELINE'}; for the last run of this machine --context ${LOCAL}`,
  });
}

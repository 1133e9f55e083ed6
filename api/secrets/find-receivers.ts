import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { SecretReceivers } from '#core/rest-secrets.ts';
import { listStageSecrets } from '#core/stage-texts.ts';
import {
  listPlacesOfName,
  listReceivingPipelines,
  type NamedPlace,
  type ReceivingPipeline,
} from '#db/queries/secret-receivers.ts';
import type { SecretWithNames } from '#db/queries/secrets.ts';
import type { ApiContext } from '../context.ts';
import { compileText } from '../pipelines/check-text.ts';
import type { Call } from '../route.ts';

/** Pipelines that one question compiles at most. */
const MAX_PIPELINES = 500;
/** Texts whose stages are remembered. */
const KEPT = 2_000;

/** What a stage of a text asks for. */
interface StageNeed {
  stage: string;
  environment: string | null;
  names: readonly string[];
}

const needsOf = new WeakMap<ApiContext, Map<string, readonly StageNeed[]>>();

/**
 * Stages that would get the value of a secret, as the present texts of the pipelines on the server declare: those that
 * ask for its name where no secret of that name is nearer (docs/secrets.md). Runs of files are not known before they start.
 * A disabled one is given to nobody.
 */
export async function findReceivers(
  context: ApiContext,
  { data }: Pick<Call, 'data'>,
  secret: SecretWithNames,
): Promise<SecretReceivers> {
  if (secret.disabledAt !== null) return { items: [], pipelines: { looked: 0, total: 0 } };
  const [{ pipelines, total }, places] = await data((scoped) =>
    Promise.all([
      listReceivingPipelines(scoped, secret, MAX_PIPELINES),
      listPlacesOfName(scoped, secret.organizationId, secret.name),
    ]),
  );
  const items: SecretReceivers['items'] = [];
  for (const pipeline of pipelines) {
    // A text takes milliseconds to compile: other requests are answered in between.
    await yieldToOthers();
    for (const { stage, environment, names } of readNeeds(context, pipeline)) {
      if (!names.includes(secret.name) || findNearest(places, pipeline, environment)?.id !== secret.id) continue;
      const { workspace, name, version } = pipeline;
      items.push({ workspace, pipeline: name, version, stage, environment });
    }
  }
  return { items, pipelines: { looked: pipelines.length, total } };
}

/** Each stage by its base name, once for each environment. A text that no longer compiles asks for nothing. */
function readNeeds(context: ApiContext, { name, text, digest }: ReceivingPipeline): readonly StageNeed[] {
  const kept = needsOf.get(context) ?? new Map<string, readonly StageNeed[]>();
  needsOf.set(context, kept);
  const known = kept.get(digest);
  if (known) return known;
  const { plan } = compileText(context, name, text);
  const needs = new Map<string, StageNeed>();
  for (const node of plan?.nodes ?? []) {
    if (node.kind !== 'stage') continue;
    const names = listStageSecrets(node);
    const environment = node.environment ?? null;
    const key = JSON.stringify([node.stage, environment]);
    if (names.length === 0) continue;
    needs.set(key, { stage: node.stage, environment, names: [...(needs.get(key)?.names ?? []), ...names] });
  }
  const found = [...needs.values()];
  const [oldest] = kept.keys();
  if (kept.size >= KEPT && oldest !== undefined) kept.delete(oldest);
  kept.set(digest, found);
  return found;
}

function findNearest(
  places: readonly NamedPlace[],
  pipeline: Pick<ReceivingPipeline, 'id' | 'workspaceId'>,
  environment: string | null,
): NamedPlace | undefined {
  return places.find(
    (place) =>
      (place.workspaceId === null || place.workspaceId === pipeline.workspaceId) &&
      (place.pipelineId === null || place.pipelineId === pipeline.id) &&
      (place.environment === null || place.environment === environment),
  );
}

import type { ArtifactReference, AttemptEnding, Reason } from '#core/attempt.ts';
import type { ArtifactRule, StagePlan } from '#core/plan.ts';
import type { ArtifactKey, ArtifactStore } from '#store/artifact/port.ts';
import { createGlobMatcher } from '../executor/globs.ts';
import type { Executor, Handle } from '../executor/port.ts';

export interface Gathered {
  artifacts: { reference: ArtifactReference; expiresAt: string | null }[];
  /** Why a stage that passed so far did not. */
  refusal: Reason | null;
}

/** Saves what the stage's artifact rules name, for the ending it has. In order; the first pattern without a match ends it. */
export async function gatherArtifacts(input: {
  executor: Executor;
  handle: Handle;
  store: ArtifactStore;
  stage: Pick<StagePlan, 'artifacts'>;
  key: Omit<ArtifactKey, 'name'>;
  ending: AttemptEnding;
  now: number;
}): Promise<Gathered> {
  const gathered: Gathered = { artifacts: [], refusal: null };
  for (const rule of input.stage.artifacts.filter(({ on }) => isWanted(on, input.ending))) {
    const tar = await input.executor.collect(input.handle, rule.paths);
    const reference = await input.store.save({ ...input.key, name: rule.name }, tar);
    const files = await input.store.list(reference);
    const unmatched = rule.paths.find(
      (glob) => !glob.startsWith('!') && !files.some(({ path }) => createGlobMatcher([glob])(path)),
    );
    if (unmatched !== undefined && !rule.optional) {
      gathered.refusal ??= {
        code: 'artifact-empty',
        message: `artifact "${rule.name}": no file matches "${unmatched}"`,
        values: { artifact: rule.name, pattern: unmatched },
      };
      continue;
    }
    if (files.length === 0) continue;
    const expiresAt = rule.expireMs === null ? null : new Date(input.now + rule.expireMs).toISOString();
    gathered.artifacts.push({ reference, expiresAt });
  }
  return gathered;
}

function isWanted(on: ArtifactRule['on'], ending: AttemptEnding): boolean {
  switch (on) {
    case 'always':
      return true;
    case 'success':
      return ending === 'passed';
    case 'failure':
      return ending === 'failed' || ending === 'timed-out';
    default:
      return on satisfies never;
  }
}

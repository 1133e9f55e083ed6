import type { StageTask } from '#core/attempt.ts';
import { CHECKSUM } from '#core/cache.ts';
import { type Fault, FaultError, NO_RETRY } from '#core/fault.ts';
import { handleName } from '#core/ids.ts';
import type { Plan, StagePlan } from '#core/plan.ts';
import { listStageSecrets, listStageTexts } from '#core/stage-texts.ts';
import { listReferences, resolveText, type Text, type Values } from '#core/text.ts';
import type { ArtifactStore } from '#store/artifact/port.ts';
import type { AttemptSpec, ServiceSpec } from '../executor/port.ts';
import type { RunContext } from '../record/port.ts';
import type { ResolvedCache } from './caches.ts';
import { openSealedValues, refuseSecretIn } from './secret-outputs.ts';
import type { SourceFiles } from './source-files.ts';
import { listStageVariables, pickCallerVariables } from './stage-environment.ts';

const MAX_KEY = 512;

export interface ResolvedStage {
  spec: AttemptSpec;
  /** By name; to be masked. */
  secrets: Record<string, string>;
  caches: ResolvedCache[];
}

/**
 * Fills in what exists only now: values of other stages, facts of the run, secrets. Throws a fault without retry when
 * one is missing; nothing has started then.
 */
export async function resolveStage(input: {
  task: StageTask;
  plan: Plan;
  stage: StagePlan;
  context: RunContext;
  nonce: string;
  artifacts: Pick<ArtifactStore, 'load'>;
  source: SourceFiles;
  openSecrets: (names: readonly string[]) => Promise<Record<string, string>>;
  /** An output that another stage sealed. */
  openSealed: (sealed: string) => Promise<string>;
}): Promise<ResolvedStage> {
  const { task, plan, stage, context } = input;
  const names = listStageSecrets(stage);
  const secrets = names.length === 0 ? {} : await input.openSecrets(names);
  const absent = names.filter((name) => secrets[name] === undefined);
  if (absent.length > 0) throw new FaultError(describeMissingSecret(absent, context));

  const given = await openSealedValues(task.values, input.openSealed);
  const values: Values = {
    'run.id': task.runId,
    'run.number': String(task.run.number),
    'run.attempt': String(task.run.attempt),
    'run.url': task.run.url,
    'run.trigger': task.run.trigger,
    'stage.name': stage.name,
    'stage.index': String(stage.index),
    'stage.attempt': String(task.attempt),
    ...given.values,
    ...(await sumFiles(input)),
    ...Object.fromEntries(names.map((name) => [`secrets.${name}`, secrets[name] ?? ''])),
  };
  /** Where no secret may stand. */
  const fillOpenly = (text: Text, place: string): string => {
    refuseSecretIn(text, place, given);
    return fill(text, place);
  };
  const fill = (text: Text, place: string): string => {
    const resolved = resolveText(text, values);
    if (resolved.kind === 'resolved') return resolved.value;
    throw new FaultError({
      code: 'value-missing',
      message: `\${${resolved.ref}} in ${place} of stage "${stage.name}" has no value`,
      fix: `give it a default: \${${resolved.ref} ?? "…"}`,
      retry: NO_RETRY,
    });
  };

  const env: Record<string, string> = {
    ...(stage.executor === 'docker' ? {} : pickCallerVariables(context.environment)),
    ...context.envFile,
    CI: 'true',
    ...Object.fromEntries(Object.entries(stage.env).map(([name, text]) => [name, fill(text, `env ${name}`)])),
    ...Object.fromEntries(stage.secrets.map((use) => [use.as, use.file ?? secrets[use.name] ?? ''])),
  };
  const services = (stage.services ?? []).map((service): ServiceSpec => ({
    name: service.name,
    image: { ref: fillOpenly(service.image.ref, `image of service ${service.name}`), pull: service.image.pull },
    env: {
      ...Object.fromEntries(
        Object.entries(service.env).map(([name, text]) => [name, fill(text, `env ${name} of service ${service.name}`)]),
      ),
      ...Object.fromEntries(service.secrets.map((use) => [use.as, secrets[use.name] ?? ''])),
    },
    command: service.command?.map((text) => fillOpenly(text, `command of service ${service.name}`)) ?? null,
    ready: service.ready,
  }));
  const caches = (stage.caches ?? []).map((rule): ResolvedCache => {
    const place = `cache "${rule.name}" (${plan.file}:${rule.line})`;
    const key = checkKey(fillOpenly(rule.key, `the key of ${place}`), place, stage);
    return { rule, key, prefixes: rule.restore.map((prefix) => fillOpenly(prefix, `restore of ${place}`)) };
  });
  // The user may say what CI is; what BuildIt says about the run is not theirs to change.
  const { CI: _, ...ours } = listStageVariables(plan, stage, task);
  Object.assign(env, ours);
  for (const [name, value] of [env, ...services.map((service) => service.env)].flatMap(Object.entries<string>)) {
    if (!value.includes('\0')) continue;
    throw new FaultError({
      code: 'env-invalid',
      message: `the value of ${name} in stage "${stage.name}" holds a NUL byte, which no environment can carry`,
      retry: NO_RETRY,
    });
  }
  return {
    secrets: { ...secrets, ...given.secrets },
    caches,
    spec: {
      name: handleName(task.runId, stage.name, task.attempt),
      runId: task.runId,
      stage: stage.name,
      attempt: task.attempt,
      source: context.source,
      image: stage.image && { ref: fillOpenly(stage.image.ref, 'image'), pull: stage.image.pull },
      platform: stage.platform ?? null,
      services,
      secretFiles: stage.secrets.flatMap(({ name, file }) =>
        file === undefined ? [] : [{ path: file, content: secrets[name] ?? '' }],
      ),
      shell: stage.shell,
      steps: stage.steps,
      env,
      workdir: stage.workdir && fillOpenly(stage.workdir, 'workdir'),
      user: stage.user,
      resources: stage.resources,
      nonce: input.nonce,
      ...(plan.cacheScopes ? { runHasCaches: true } : {}),
      inputs: task.artifacts.map((reference) => () => input.artifacts.load(reference)),
    },
  };
}

/** Values of the checksums in a stage's texts, by their references. */
async function sumFiles({
  stage,
  plan,
  context,
  source,
}: {
  stage: StagePlan;
  plan: Plan;
  context: RunContext;
  source: SourceFiles;
}): Promise<Values> {
  const references = listStageTexts(stage).flatMap(listReferences);
  const wanted = new Set(references.flatMap(({ ref }) => (ref.startsWith(CHECKSUM) ? [ref] : [])));
  const values: Record<string, string> = {};
  for (const ref of wanted) {
    const found = await source.sum(context.source, ref.slice(CHECKSUM.length).split(' '));
    if ('sum' in found) values[ref] = found.sum;
    else {
      const of = stage.caches?.find(({ key }) => listReferences(key).some((one) => one.ref === ref));
      throw new FaultError({
        code: 'checksum-empty',
        message: `{${ref}} of stage "${stage.name}" has no value: no file of the source matches "${found.unmatched}"`,
        cause: of ? `it is in the key of cache "${of.name}", ${plan.file}:${of.line}` : `it is in ${plan.file}`,
        fix: 'name a file that is in the source when the run starts; what a stage makes later does not count',
        retry: NO_RETRY,
      });
    }
  }
  return values;
}

/** The index holds keys in full: it takes no longer ones, and none that says nothing. */
function checkKey(key: string, place: string, stage: StagePlan): string {
  if (key.trim() !== '' && key.length <= MAX_KEY && !key.includes('\0')) return key;
  throw new FaultError({
    code: 'cache-key-invalid',
    message: `The key of ${place} in stage "${stage.name}" has ${key.length} characters; it wants 1 to ${MAX_KEY}`,
    fix: 'hash what is long: {checksum FILE}',
    retry: NO_RETRY,
  });
}

function describeMissingSecret(
  names: readonly string[],
  { trigger, secretFile }: Pick<RunContext, 'trigger' | 'secretFile'>,
): Fault {
  const localFix = secretFile === null ? 'retry with --secret-file' : `add it to ${secretFile} and retry`;
  return {
    code: 'secret-missing',
    message: `No value for the secret${names.length > 1 ? 's' : ''} ${names.join(', ')}`,
    fix: trigger === 'local' ? localFix : 'set it, or enable it, then retry: buildit secrets list',
    retry: NO_RETRY,
  };
}

import type { StagePlan } from './plan.ts';
import { listReferences, type Text } from './text.ts';

/** Every text of a stage that may hold late references: what is filled in when it starts. */
export function listStageTexts(
  stage: Pick<StagePlan, 'env' | 'image' | 'workdir' | 'services' | 'caches' | 'child'>,
): Text[] {
  const services = (stage.services ?? []).flatMap((service) => [
    service.image.ref,
    ...Object.values(service.env),
    ...(service.command ?? []),
  ]);
  const keys = (stage.caches ?? []).flatMap(({ key, restore }) => [key, ...restore]);
  const params = Object.values(stage.child?.params ?? {});
  return [...Object.values(stage.env), stage.image?.ref ?? '', stage.workdir ?? '', ...services, ...keys, ...params];
}

/** Names of the secrets a stage is given, each once: those it asks for and those its texts refer to. */
export function listStageSecrets(
  stage: Pick<StagePlan, 'env' | 'image' | 'workdir' | 'services' | 'caches' | 'child' | 'secrets'>,
): string[] {
  const uses = [...stage.secrets, ...(stage.services ?? []).flatMap((service) => service.secrets)];
  const referred = listStageTexts(stage)
    .flatMap(listReferences)
    .flatMap(({ ref }) => (ref.startsWith('secrets.') ? [ref.slice('secrets.'.length)] : []));
  return [...new Set([...uses.map((use) => use.name), ...referred])];
}

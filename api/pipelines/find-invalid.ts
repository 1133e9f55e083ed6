import { listPresentDigests, listPresentTexts } from '#db/queries/pipeline-versions.ts';
import type { PipelineWithNames } from '#db/queries/pipelines.ts';
import type { Scoped } from '#db/scope.ts';
import type { ApiContext } from '../context.ts';
import { validateText } from './check-text.ts';

/** Errors by name and digest of a text: what a compiler said of it once it says as long as the process lives. */
const KNOWN = new WeakMap<ApiContext['compile'], Map<string, number>>();
const MOST_KNOWN = 5_000;

/**
 * How many errors the present texts of pipelines have, by the pipeline's id; those without any are left out. A text
 * compiled when it was saved, and may no longer since the server is of another version (UI §4.2).
 */
export async function findInvalid(
  context: ApiContext,
  scoped: Scoped,
  pipelines: readonly Pick<PipelineWithNames, 'id' | 'name' | 'version'>[],
  most = MOST_KNOWN,
): Promise<Map<string, number>> {
  const kept = pipelines.filter(({ version }) => version > 0);
  const known = KNOWN.get(context.compile) ?? new Map<string, number>();
  KNOWN.set(context.compile, known);
  const digests = await listPresentDigests(
    scoped,
    kept.map(({ id }) => id),
  );
  const keyed = kept.map((pipeline) => ({ ...pipeline, key: `${pipeline.name}\n${digests.get(pipeline.id)}` }));
  const found = new Map(keyed.flatMap(({ id, key }) => (known.has(key) ? [[id, known.get(key) ?? 0] as const] : [])));
  const unknown = keyed.filter(({ id }) => !found.has(id));
  const texts = await listPresentTexts(
    scoped,
    unknown.map(({ id }) => id),
  );
  if (known.size + unknown.length > most) known.clear();
  for (const { id, name, key } of unknown) {
    const { diagnostics, valid } = validateText(context, name, texts.get(id) ?? '');
    const errors = valid ? 0 : diagnostics.filter(({ severity }) => severity === 'error').length;
    known.set(key, errors);
    found.set(id, errors);
    // Others are answered in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return new Map([...found].filter(([, errors]) => errors > 0));
}

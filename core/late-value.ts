import type { NodeResult } from './run.ts';

/** The value of `stages.NAME.outputs.KEY` or `stages.NAME.result`; undefined when there is none. */
export function lookUp(
  path: string,
  results: ReadonlyMap<string, Pick<NodeResult, 'ending' | 'outputs'>>,
): string | undefined {
  const match = /^stages\.(.+)\.(?:outputs\.([^.]+)|(result))$/.exec(path);
  if (!match) return undefined;
  const result = results.get(match[1] ?? '');
  if (!result) return undefined;
  if (match[3]) return result.ending;
  const key = match[2] ?? '';
  return Object.hasOwn(result.outputs, key) ? result.outputs[key] : undefined;
}

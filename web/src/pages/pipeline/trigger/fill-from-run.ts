import type { ParamDeclaration } from '#core/param.ts';
import type { RunObject } from '#core/rest.ts';

/** What the fields hold so that the next run is asked for as this one was; parameters that are declared no more are left out. */
export function fillFromRun(
  run: Pick<RunObject, 'branch' | 'params'>,
  declared: readonly Pick<ParamDeclaration, 'name'>[],
): { branch: string; values: Record<string, string> } {
  const values = declared.flatMap(({ name }): [string, string][] => {
    const value = run.params[name];
    if (value === undefined) return [];
    return [[name, Array.isArray(value) ? value.join(',') : String(value)]];
  });
  return { branch: run.branch ?? '', values: Object.fromEntries(values) };
}

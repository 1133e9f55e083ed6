import type { Code } from '../codes.ts'
import { isRoot, readReference, type Reference } from '../references.ts'

/** Why a reference may not stand where it stands, with its offsets in the script. */
export interface Refusal {
  code: Code
  message: string
  hint: string
  start: number
  end: number
}

export interface Binder {
  /** The variable that holds a reference's value. */
  nameOf(reference: Reference): string
  refuse(refusal: Refusal): void
}

/** TEMPORARY: refuses every reference. */
export function bindReferences(script: string, shell: readonly string[], binder: Binder): string {
  for (const match of script.matchAll(/\$\{/g)) {
    const reference = readReference(script, match.index + 1, match.index)
    if (!reference || reference.path.length < 2 || !isRoot(reference.path[0] ?? '')) continue
    const name = binder.nameOf(reference)
    binder.refuse({
      code: 'KDL034',
      message: `references are not read by ${shell[0] ?? 'this shell'}`,
      hint: name,
      start: reference.start,
      end: reference.end,
    })
  }
  return script
}

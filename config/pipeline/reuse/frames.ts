import type { Problems } from '../problems.ts';
import type { Scope } from '../scope.ts';
import type { WordNode } from '../shape.ts';
import type { Place } from '../source.ts';

/** A template at one place where it is used: a stage, or the stage of another template. */
export interface Frame {
  template: WordNode;
  /** The node that says `uses` and `with`. */
  call: WordNode;
  /**
   * The values of its parameters. What is given is looked up in `outer`, where the template is used; its defaults in
   * `inner`, where they stand.
   */
  fill(problems: Problems, outer: Scope, inner: Scope): Scope['params'];
}

/** Templates that a stage uses, by the identity of their text (`Place.top`). */
export type Frames = ReadonlyMap<object, Frame>;

const known = new WeakMap<Scope, Map<object, Scope>>();

/**
 * The scope as it is for a text at a place: inside a template, `params` are the template's own, with the values that
 * this stage gives them (LANGUAGE §5). Everything else a template looks at is the stage's.
 */
export function scopeAt(problems: Problems, scope: Scope, { top }: Place): Scope {
  const frame = top && scope.frames?.get(top);
  if (!frame) return scope;
  const scopes = known.get(scope) ?? new Map<object, Scope>();
  known.set(scope, scopes);
  const found = scopes.get(top);
  if (found) return found;
  // Defaults see the parameters above them: the frame itself is left out while it is filled.
  const inner = { ...scope, frames: new Map([...(scope.frames ?? [])].filter(([other]) => other !== top)) };
  const filled = { ...inner, params: frame.fill(problems, scope, inner) };
  scopes.set(top, filled);
  return filled;
}

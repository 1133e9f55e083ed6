import { splitText } from '../references.ts';
import type { WordNode } from '../shape.ts';
import type { Place } from '../source.ts';

/** A secret that a word names: as `secret "NAME"`, or as `${secrets.NAME}` in any text. */
export interface NamedSecret {
  name: string;
  place: Place;
}

/** Every secret that a word and what stands in it name, as they are written. */
export function listSecretsOf(node: WordNode): NamedSecret[] {
  const [first] = node.args;
  const own =
    node.name === 'secret' && typeof first?.value === 'string' ? [{ name: first.value, place: first.place }] : [];
  const referred = node.args.flatMap(({ value, place }) =>
    (typeof value === 'string' ? splitText(value) : []).flatMap((part) =>
      part.kind === 'reference' && part.path[0] === 'secrets' ? [{ name: part.path[1] ?? '', place }] : [],
    ),
  );
  return [...own, ...referred, ...[...node.words.values(), node.own].flat().flatMap(listSecretsOf)];
}

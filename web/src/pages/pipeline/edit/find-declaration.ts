const DECLARATION = /^[ \t]*(stage|gate)[ \t]+(?:"([^"\n]*)"|([^\s"{;]+))/gm;

/** From where to where a text declares a stage or a gate; null for one that it has from elsewhere. */
export function findDeclaration(text: string, kind: 'stage' | 'gate', name: string): [number, number] | null {
  for (const match of text.matchAll(DECLARATION)) {
    const [whole, found, quoted, bare] = match;
    if (found !== kind || (quoted ?? bare) !== name) continue;
    return [match.index + whole.search(/\S/), match.index + whole.length];
  }
  return null;
}

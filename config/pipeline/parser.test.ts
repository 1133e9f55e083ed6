import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { loadParser } from './parser.ts';

it('the parser is the version whose internals are wrapped', () => {
  const { version }: { version: string } = createRequire(import.meta.url)('kdljs/package.json');
  expect(version).toBe('0.3.0');
  const own: { dependencies: Record<string, string> } = createRequire(import.meta.url)('../../package.json');
  expect(own.dependencies['kdljs']).toBe('0.3.0');
});

function parse(text: string) {
  const { nodes, error } = loadParser().parse(text);
  return { nodes, error, cut: (place: { start: number; end: number }) => text.slice(place.start, place.end) };
}

it('every node, argument and property has its place', () => {
  const { nodes, cut } = parse('stage "x" needs="a" \\\n  "needs" = #true { run """\n  hi\n  """ 0x1F }\n');
  const [stage] = nodes;
  expect(stage && cut({ start: stage.nameStart, end: stage.nameEnd })).toBe('stage');
  expect(stage?.args.map(cut)).toEqual(['"x"']);
  expect(stage?.properties.map(cut)).toEqual(['needs="a"', '"needs" = #true']);
  expect(stage?.properties.map((one) => cut({ start: one.keyStart, end: one.keyEnd }))).toEqual(['needs', '"needs"']);
  expect(stage?.children[0]?.args.map((one) => one.value)).toEqual(['hi', 31]);
  expect(stage?.children[0]?.args.map(cut)).toEqual(['"""\n  hi\n  """', '0x1F']);
});

it('what stands behind /- is left out', () => {
  const { nodes } = parse('a /-"x" "y" /- b=1 c=2 /* x */ /- { d }\n/- e "z"\nf');
  expect(nodes.map((node) => node.name)).toEqual(['a', 'f']);
  expect(nodes[0]?.args.map((one) => one.value)).toEqual(['y']);
  expect(nodes[0]?.properties.map((one) => one.key)).toEqual(['c']);
  expect(nodes[0]?.children).toEqual([]);
});

it('properties written twice and __proto__ are kept', () => {
  const { nodes } = parse('a b=1 b=2 __proto__=3');
  expect(nodes[0]?.properties.map((one) => [one.key, one.value.value])).toEqual([
    ['b', 1],
    ['b', 2],
    ['__proto__', 3],
  ]);
});

it('type annotations are seen on nodes, arguments and values', () => {
  const { nodes } = parse('(t)a (u)"x" b=(v)1');
  expect([nodes[0]?.tag, nodes[0]?.args[0]?.tag, nodes[0]?.properties[0]?.value.tag]).toEqual(['t', 'u', 'v']);
});

it('characters beyond 16 bits survive an escape', () => {
  expect(parse('a "\\u{1F600}"').nodes[0]?.args[0]?.value).toBe('😀');
});

it('a syntax error has a place, and the parser works again behind it', () => {
  expect(parse('a "b" = =').error).toMatchObject({ image: '=' });
  expect(parse('a').error).toBeNull();
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomDag } from '../testing/random-dag.ts';
import { countCrossings } from './count-crossings.ts';
import { drawEdges } from './draw-edges.ts';
import { layOut, type Layout, type LayoutInput } from './lay-out.ts';
import { createLayers } from './layers.ts';
import { NODE_HEIGHT, NODE_WIDTH, RANK_GAP, ROW_GAP } from './measure.ts';
import { orderRanks } from './order-ranks.ts';
import { fitRising } from './place-rows.ts';
import { indexGraph, rankNodes } from './rank-nodes.ts';

const graphs = fc
  .array(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 4 }), { minLength: 1, maxLength: 60 })
  .map((needs): LayoutInput => {
    const nodes = needs.map((_, index) => `n${index}`);
    const edges = needs.flatMap((backs, index) =>
      [...new Set(backs)].filter((back) => back <= index).map((back) => [`n${index - back}`, `n${index}`] as const),
    );
    return { nodes, edges };
  });

describe('layout', () => {
  it('lets no two nodes overlap, and keeps the gap between rows', () => {
    fc.assert(
      fc.property(graphs, (input) => {
        for (const rank of byRank(layOut(input))) {
          rank.forEach((node, place) => {
            const above = rank[place - 1];
            if (above) expect(node.y - above.y).toBeGreaterThanOrEqual(NODE_HEIGHT + ROW_GAP);
          });
        }
      }),
    );
  });

  it('puts every node at least one rank behind its needs, and next to one of them', () => {
    fc.assert(
      fc.property(graphs, (input) => {
        const { nodes } = layOut(input);
        const ranks = new Map(nodes.map(({ name, rank }) => [name, rank]));
        for (const name of input.nodes) {
          const needs = input.edges.filter(([, to]) => to === name).map(([from]) => ranks.get(from) ?? 0);
          expect(ranks.get(name)).toBe(Math.max(-1, ...needs) + 1);
        }
      }),
    );
  });

  it('answers the same for equal input, and every node and edge once', () => {
    fc.assert(
      fc.property(graphs, (input) => {
        const layout = layOut(input);
        expect(layOut(structuredClone(input))).toEqual(layout);
        expect(layout.nodes.map(({ name }) => name)).toEqual(input.nodes);
        expect(new Set(layout.edges.map(({ from, to }) => `${from} ${to}`)).size).toBe(input.edges.length);
        expect(layout.edges).toHaveLength(input.edges.length);
      }),
    );
  });

  it('lets no long edge run through a node', () => {
    fc.assert(
      fc.property(graphs, (input) => {
        const layout = layOut(input);
        const ranks = byRank(layout);
        for (const edge of layout.edges) {
          const from = layout.nodes.find(({ name }) => name === edge.from)?.rank ?? 0;
          edge.lane.forEach((height, step) => {
            for (const node of ranks[from + 1 + step] ?? []) {
              expect(height <= node.y - ROW_GAP || height >= node.y + NODE_HEIGHT + ROW_GAP).toBe(true);
            }
          });
        }
      }),
    );
  });

  it('stays inside its size, in whole px', () => {
    fc.assert(
      fc.property(graphs, (input) => {
        const { nodes, edges, width, height } = layOut(input);
        for (const { x, y } of nodes) {
          expect([x, y].every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
          expect(x + NODE_WIDTH <= width && y + NODE_HEIGHT <= height).toBe(true);
        }
        expect(edges.flatMap(({ lane }) => lane).every((value) => value >= 0 && value <= height)).toBe(true);
      }),
    );
  });

  it('draws a chain as a straight line', () => {
    const layout = layOut({
      nodes: ['a', 'b', 'c'],
      edges: [
        ['a', 'b'],
        ['b', 'c'],
      ],
    });
    expect(layout.nodes.map(({ y }) => y)).toEqual([0, 0, 0]);
    const paths = drawEdges(layout.edges, new Map(layout.nodes.map((node) => [node.name, node])));
    expect(paths).toEqual([`M180 22H${180 + RANK_GAP}`, `M416 22H${416 + RANK_GAP}`]);
  });

  it('untangles what the order of the file would cross', () => {
    const input = {
      nodes: ['a', 'b', 'c', 'd'],
      edges: [
        ['a', 'd'],
        ['b', 'c'],
      ],
    } as const;
    const graph = indexGraph(input.nodes, input.edges);
    const layers = createLayers(graph, rankNodes(graph));
    expect(countCrossings(layers, layers.ranks)).toBe(1);
    expect(countCrossings(layers, orderRanks(layers))).toBe(0);
  });

  it('draws what edges of a node share once, in the rank it lies in', () => {
    const nodes = ['a', 'b', 'c', 'd', 'e'];
    const edges = [
      ...[['a', 'b'] as const, ['b', 'c'] as const, ['a', 'd'] as const],
      ...[['c', 'd'] as const, ['a', 'e'] as const, ['c', 'e'] as const],
    ];
    const layout = layOut({ nodes, edges });
    const paths = drawEdges(layout.edges, new Map(layout.nodes.map((node) => [node.name, node])));
    // a→b and a's lane; b→c and the lane; the lane to d and to e, c→d, c→e.
    expect(paths.map((path) => path.match(/M/g)?.length)).toEqual([2, 2, 4]);
  });

  it('refuses a circle and an edge to nowhere', () => {
    expect(() =>
      layOut({
        nodes: ['a', 'b'],
        edges: [
          ['a', 'b'],
          ['b', 'a'],
        ],
      }),
    ).toThrow('in a circle');
    expect(() => layOut({ nodes: ['a'], edges: [['a', 'x']] })).toThrow('a → x');
  });

  it('lays out nothing as nothing', () => {
    expect(layOut({ nodes: [], edges: [] })).toEqual({ nodes: [], edges: [], width: 0, height: 0 });
  });

  it('keeps the items of 1,000 stages in proportion: one lane a node, not one an edge', () => {
    const { nodes, edges } = randomDag(1_000);
    const graph = indexGraph(nodes, edges);
    const ranks = rankNodes(graph);
    const { items } = createLayers(graph, ranks);
    expect(items.length).toBeLessThanOrEqual(1_000 * (Math.max(...ranks) + 1));
    expect(layOut({ nodes, edges }).nodes).toHaveLength(1_000);
  });
});

describe('the nearest rising sequence', () => {
  it('rises, keeps the sum, and leaves alone what rises already', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1 }), (values) => {
        const fit = fitRising(values);
        const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0);
        expect(fit.every((value, index) => index === 0 || value >= (fit[index - 1] ?? 0))).toBe(true);
        expect(sum(fit)).toBeCloseTo(sum(values), 5);
        const rising = values.toSorted((left, right) => left - right);
        expect(fitRising(rising)).toEqual(rising);
      }),
    );
  });
});

function byRank({ nodes }: Layout) {
  const ranks = Map.groupBy(nodes, ({ rank }) => rank);
  return [...ranks.keys()]
    .toSorted((a, b) => a - b)
    .map((rank) => (ranks.get(rank) ?? []).toSorted((left, right) => left.y - right.y));
}

import { expect, it } from 'vitest';
import { findPipelineFiles } from './find.ts';

it('the files of a repository are found in their order', () => {
  expect(
    findPipelineFiles({
      names: ['a.kdl', 'buildit.kdl', '.buildit.kdl'],
      inside: ['b.kdl', 'a.kdl', '.x.kdl', 'n.md'],
    }),
  ).toEqual(['.buildit.kdl', 'buildit.kdl', '.buildit/a.kdl', '.buildit/b.kdl']);
  expect(findPipelineFiles({ names: ['README.md'], inside: [] })).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { describeNoRunner } from '#core/runner.ts';
import { listReasonLinks, splitCommand } from './reason-links.ts';

describe('a reason', () => {
  it('leads to the run that came instead, and to the one a stage has started', () => {
    const superseded = { code: 'superseded', message: '', values: { by: 'shop#3', byRun: 'id-3', group: 'g' } };
    expect(listReasonLinks(superseded, '/acme/shop')).toEqual([{ label: 'shop#3', href: '/r/id-3' }]);
    const child = { code: 'child-run', message: '', values: { run: 'id-4', label: 'api#4', ending: 'failed' } };
    expect(listReasonLinks(child, '/acme/shop')).toEqual([{ label: 'api#4', href: '/r/id-4' }]);
  });

  it('leads to who has the place, also a stage of a later attempt, and to no run of a laptop', () => {
    const values = { group: 'g', place: '1', of: '1', holders: 'shop api#142.2 deploy, local/17' };
    expect(listReasonLinks({ code: 'concurrency', message: '', values }, '/acme/shop')).toEqual([
      { label: 'shop api#142.2', href: '/acme/shop/pipelines/shop%20api/runs/142.2' },
    ]);
  });

  it('of a missing runner has the command that starts one apart', () => {
    expect(splitCommand(describeNoRunner(['gpu'], ['linux']))).toEqual({
      text: 'no runner has the label gpu',
      command: 'BUILDIT_LABELS=gpu buildit server --only worker',
    });
  });
});

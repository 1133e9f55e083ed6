import { expect, test } from 'vitest';
import type { ArtifactObject } from '#core/rest.ts';
import { createGatePlan, createStagePlan, needs } from '#test/env/plan.ts';
import { at } from '../../../testing/rest-objects.ts';
import { listEffects } from './list-effects.ts';

const { gate } = createGatePlan('ship');
const nodes = [
  createStagePlan('build'),
  createStagePlan('test', { artifactsFrom: ['build'], needs: needs('build') }),
  createGatePlan('ship', { needs: needs('test') }),
  createStagePlan('stage', { gate, environment: 'staging' }),
  createStagePlan('deploy', { environment: 'production' }),
  createStagePlan('notify', { child: { name: 'mailer', params: {} } }),
];
const artifact = (expiresAt: string | null): ArtifactObject => ({
  ...{ id: 'a', runId: '1', stage: 'build', attempt: 1, name: 'site', files: 1, bytes: 1, digest: 'd' },
  ...{ createdAt: at(0), expiresAt },
});
const now = Date.parse(at(30));
const effects = (again: string[], artifacts: ArtifactObject[] = []) =>
  listEffects(nodes, new Set(again), artifacts, now);

test('a re-run names what it does outside once more, of the stages that run again alone', () => {
  expect(effects(['deploy', 'notify']).outside).toEqual(['deploy to production', 'notify starts mailer']);
  expect(effects(['build']).outside).toEqual([]);
});

test('approvals of gates that ask again fall, also of those in front of a stage, and the others stay', () => {
  expect(effects(['ship', 'deploy'])).toMatchObject({ asked: ['ship'], stay: ['stage'] });
  expect(effects(['stage'])).toMatchObject({ asked: ['stage'], stay: ['ship'] });
});

test('an artifact that is needed and has expired names the stage that makes it anew', () => {
  const expired = [{ artifact: 'site', rebuiltBy: 'build', neededBy: 'test', at: at(10) }];
  expect(effects(['test'], [artifact(at(10))]).expired).toEqual(expired);
  expect(effects(['test'], [artifact(at(40)), artifact(null)]).expired).toEqual([]);
  expect(effects(['build', 'test'], [artifact(at(10))]).expired).toEqual([]);
  expect(effects(['deploy'], [artifact(at(10))]).expired).toEqual([]);
});

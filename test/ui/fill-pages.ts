import { addPerson, type TestPerson } from '#test/env/people.ts';
import { ended, node, playBatch } from '#test/env/use-api.ts';
import type { TestServer } from '#test/env/use-server.ts';
import { writeFailure, writeStageLog } from './stage-log.ts';

const TEXT = `pipeline "walked" {
    description "Build and test"
    image "busybox:1.37"
    param "version" default="1.0" description="What is built."
}
stage "build" { run "true" }
stage "test" needs="build" { run "true" }
`;

/** Something for every page of acme/shop to show; answers `name`, who may see all of it. `acme/bank` stays empty. */
export async function fillPages({ api, ann, acme }: TestServer, name = 'op'): Promise<TestPerson> {
  await ann('POST', '/pipelines?workspace=acme/shop', { name: 'walked', text: TEXT });
  for (const ending of ['failed', 'passed'] as const) {
    const run = (await ann('POST', '/pipelines/walked/runs', { branch: 'main' })).body as { id: string };
    const log = await writeStageLog(api, run, 'test');
    if (ending === 'failed') await writeFailure(log);
    else await log.end('passed');
    await playBatch(api, run, 1, {
      run: ended(ending),
      nodes: [node('build', ended('passed')), node('test', ended(ending))],
    });
  }
  await ann('POST', '/secrets?workspace=acme/shop', { name: 'WALKED', value: 'correct horse battery' });
  return addPerson(api.database, name, { organizationId: acme.id, role: 'owner', isOperator: true });
}

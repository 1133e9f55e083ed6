import { describe, expect, test } from 'vitest';
import { listPipelines } from '#db/queries/list-pipelines.ts';
import { inScope } from '#db/scope.ts';
import { useServer } from '#test/env/use-server.ts';
import { findInvalid } from './find-invalid.ts';

const TEXT = 'stage "a" {\n  image "busybox:1.37"\n  run "true"\n}\n';

describe('which texts no longer compile', () => {
  const use = useServer();

  test('what is forgotten for the sake of others is still told of the pipelines that were asked for', async () => {
    const { ann, api, acme } = use();
    for (const name of ['one', 'two']) {
      await ann('POST', '/pipelines?workspace=acme/shop', { name, text: TEXT });
    }
    await api.database`UPDATE pipeline_versions SET text = 'stage "a" needs="b" { run "true" }', digest = 'd'`;
    const scope = { callerId: 'user:ann', organizationIds: [acme.id], workspaceIds: Object.values(acme.workspaces) };
    await inScope(api.database, scope, async (scoped) => {
      const all = { workspace: 'acme/shop', name: null, origin: null, enabled: null };
      const pipelines = (await listPipelines(scoped, all, null, 50)) ?? [];
      const [first] = pipelines;
      const count = async (of: typeof pipelines) => (await findInvalid(api.context, scoped, of, 1)).size;
      expect(await count(first ? [first] : [])).toBe(1);
      expect(await count(pipelines)).toBe(2);
    });
  });
});

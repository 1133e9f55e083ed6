import { describe, expect, test } from 'vitest';
import { useServer } from '#test/env/use-server.ts';

const TEXT = `pipeline "ships"
stage "build" { image "busybox:1.37"; matrix { axis "os" "a" "b" }; secret "KEY"; run "true" }
stage "ship" { image "busybox:1.37"; environment "live"; secret "KEY" as="OTHER"; run "true" }
stage "none" { image "busybox:1.37"; run "true" }
`;

describe('who would receive a secret', () => {
  const use = useServer();
  const SHOP = '?workspace=acme/shop';
  const find = async (id: string) => (await use().ann('GET', `/secrets/${id}/receivers`)).body;

  test('each stage that asks for it is named once, unless a nearer secret of the name stands before it', async () => {
    const { ann, api, acme } = use();
    await api.database`INSERT INTO environments (id, workspace_id, name)
      VALUES (gen_random_uuid(), ${acme.workspaces['shop'] ?? ''}, 'live')`;
    expect(await ann('POST', `/pipelines${SHOP}`, { name: 'ships', text: TEXT })).toMatchObject({ status: 201 });
    const wide = (await ann('POST', `/secrets${SHOP}`, { name: 'KEY', value: 'value of all' })).body;
    const stage = (name: string, environment: string | null) => ({
      ...{ workspace: 'acme/shop', pipeline: 'ships', version: 1, stage: name, environment },
    });
    expect(await find(wide.id)).toEqual({
      items: [stage('build', null), stage('ship', 'live')],
      pipelines: { looked: 1, total: 1 },
    });
    const scope = { kind: 'environment', environment: 'live' };
    const near = (await ann('POST', `/secrets${SHOP}`, { name: 'KEY', value: 'value of live', scope })).body;
    expect((await find(wide.id)).items).toEqual([stage('build', null)]);
    expect((await find(near.id)).items).toEqual([stage('ship', 'live')]);
    await ann('PATCH', `/secrets/${near.id}`, { enabled: false }, { 'If-Match': '*' });
    expect(await find(near.id)).toEqual({ items: [], pipelines: { looked: 0, total: 0 } });
    expect((await find(wide.id)).items).toEqual([stage('build', null)]);
  });

  test('it goes by the present text, and follows what is of the whole organization into each workspace', async () => {
    const { ann, vic, mallory } = use();
    const scope = { kind: 'organization' };
    const ofAll = (await ann('POST', `/secrets${SHOP}`, { name: 'ALL', value: 'value of all', scope })).body;
    const text = 'pipeline "pays"\nstage "pay" { image "busybox:1.37"; secret "ALL"; run "true" }\n';
    const bank = '?workspace=acme/bank';
    const made = await ann('POST', `/pipelines${bank}`, { name: 'pays', text });
    expect((await find(ofAll.id)).items).toMatchObject([{ workspace: 'acme/bank', stage: 'pay', version: 1 }]);
    await ann(
      'PUT',
      `/pipelines/pays/text${bank}`,
      { text: text.replace('secret "ALL"; ', '') },
      {
        'If-Match': `"${made.body.seq}"`,
      },
    );
    expect((await find(ofAll.id)).items).toEqual([]);
    expect(await vic('GET', `/secrets/${ofAll.id}/receivers`)).toMatchObject({ status: 403 });
    expect(await mallory('GET', `/secrets/${ofAll.id}/receivers`)).toMatchObject({ status: 404 });
  });
});

import { beforeAll, expect, test } from 'vitest';
import { describeWith } from '#test/env/describe-with.ts';
import { runSchemathesis } from '#test/env/schemathesis.ts';
import { seedObjects } from '#test/env/seed.ts';
import { useServer } from '#test/env/use-server.ts';

/** A minute in the suite; `BUILDIT_SCHEMATHESIS_SECONDS=1800` looks as long as one likes. */
const SECONDS = Number(process.env['BUILDIT_SCHEMATHESIS_SECONDS'] ?? 60);

/** They take the right to ask from the one who asks, or never end themselves. */
const WITHOUT = [
  ...['signOut', 'endOwnSession', 'endSession', 'removeMember', 'changeMember', 'deleteOrganization', 'stream'],
  ...['deleteWorkspace'],
  // While it is on what starts a run answers 503, as it should.
  ...['setMaintenance'],
];

describeWith(['schemathesis'], 'Schemathesis', () => {
  const use = useServer();
  beforeAll(async () => {
    const { api, ann, people } = use();
    await api.database`UPDATE users SET is_operator = true WHERE id = ${people.ann.id}`;
    await seedObjects({ api, owner: ann, organization: 'acme', workspace: 'shop' });
  });

  test(
    'finds nothing, authenticated and following links',
    async () => {
      const { api, people, port } = use();
      const { isClean, output } = await runSchemathesis({
        origin: `http://${port.host}:${port.port}`,
        bearer: people.ann.bearer,
        maxSeconds: SECONDS,
        without: WITHOUT,
        folder: api.folder,
      });
      expect(isClean, output).toBe(true);
      // It got past the door: a good part of the routes did what they are for.
      const done = api.log.flatMap((line) => {
        const { method, route, status } = JSON.parse(line) as { method: string; route: string; status: number };
        return status < 300 ? [`${method} ${route}`] : [];
      });
      expect(new Set(done).size).toBeGreaterThan(30);
    },
    (SECONDS + 120) * 1_000,
  );
});

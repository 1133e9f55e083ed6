import type { Transaction } from '#db/client.ts';
import { listLineage, measureHeight } from '#db/queries/teams.ts';
import { ProblemError } from '../problem.ts';

/** Levels of teams, the top one counted. */
const MAX_LEVELS = 5;

/**
 * Lets a team be put below another. Throws 422 `team-cycle` when that one is the team itself or below it, and
 * `team-too-deep`. To be called while no other team of the organization can be moved.
 */
export async function requireFlat(transaction: Transaction, teamId: string, parentId: string | null): Promise<void> {
  if (parentId === null) return;
  const above = await listLineage(transaction, parentId);
  if (above.includes(teamId)) {
    throw new ProblemError(422, 'team-cycle', 'a team cannot be part of itself or of a team that is part of it', {
      hint: 'choose a team that is not below it',
    });
  }
  if (above.length + (await measureHeight(transaction, teamId)) <= MAX_LEVELS) return;
  throw new ProblemError(422, 'team-too-deep', `teams are at most ${MAX_LEVELS} levels deep`, {
    hint: 'make it part of a team further up',
  });
}

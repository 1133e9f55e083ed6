import type { ApiClient } from '#api/client/client.ts';
import { listStageSecrets } from '#core/stage-texts.ts';
import { askLine } from '../terminal/ask.ts';
import { oneLine } from '../terminal/sanitize.ts';

/** Whether the stage's secrets come into a terminal: never without a yes, and nothing is asked where there are none. */
export async function askForSecrets(api: ApiClient, run: string, stage: string, isYes: boolean): Promise<boolean> {
  const plan = await api.getPlan(run);
  const node = plan.nodes.find((one) => one.name === stage);
  const names = node?.kind === 'stage' ? listStageSecrets(node) : [];
  if (names.length === 0) return false;
  if (isYes) return true;
  const answer = await askLine(`Release ${oneLine(names.join(', '))} into this shell? [y/N] `);
  return answer?.toLowerCase() === 'y' || answer?.toLowerCase() === 'yes';
}

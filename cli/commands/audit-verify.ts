import type { Handler } from '../call.ts';
import { organizationOf } from '../context/organization-of.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { printOptions } from '../output/list.ts';
import { printObjects } from '../output/print.ts';

/** `buildit audit verify`: exit 1 with the first row that is not what it was. */
export const handle: Handler<Commands['audit verify']> = async (call) => {
  const { screen } = call;
  const { api, place } = await openSession(call);
  const answer = await api().verifyAudit(organizationOf(place));
  const isIntact = answer.verdict === 'intact';
  if (call.format === 'table') {
    const { head, broken, rows } = answer;
    const text = broken
      ? `broken at ${broken.seq}: ${broken.reason}, ${broken.detail}`
      : `intact: ${rows} rows${head ? `, the last is ${head.seq} with ${head.hash}` : ''}`;
    screen.out(`${screen.paintOut(isIntact ? 'green' : 'red', text)}\n`);
  } else {
    const shown = { items: [answer], columns: [], nameOf: () => answer.verdict, isList: false };
    await printObjects(screen, shown, printOptions(call));
  }
  return isIntact ? EXIT.done : EXIT.failed;
};

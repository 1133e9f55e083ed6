import type { InboxObject, InboxRun } from '#core/rest-inbox.ts';
import type { Handler } from '../call.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { nameEnding, quoteWord } from '../live/words.ts';
import { printOptions } from '../output/list.ts';
import { formatMoment } from '../output/moment.ts';
import { printObjects } from '../output/print.ts';

/** A line of the inbox. */
interface InboxRow {
  kind: 'waits for you' | 'broken' | 'yours' | 'ends soon';
  what: string;
  state: string;
  since: string;
}

/** `buildit inbox`: what needs the caller first; as data the object of the API. */
export const handle: Handler<Commands['inbox']> = async (call) => {
  const { screen } = call;
  const inbox = await (await openSession(call)).api().getInbox();
  if (call.format !== 'table' && call.format !== 'name') {
    await printObjects(screen, { items: [inbox], columns: [], nameOf: () => '', isList: false }, printOptions(call));
    return EXIT.done;
  }
  const rows = listRows(inbox);
  if (rows.length === 0) screen.say('Nothing waits for you. Next: buildit runs list\n');
  if (rows.length > 0) {
    await printObjects<InboxRow>(
      screen,
      {
        items: rows,
        columns: [
          { header: 'why', valueOf: ({ kind }) => kind },
          { header: 'what', valueOf: ({ what }) => what },
          { header: 'state', valueOf: ({ state }) => state },
          { header: 'since', valueOf: ({ since }) => since },
        ],
        nameOf: ({ what }) => what,
        isList: true,
      },
      printOptions(call),
    );
  }
  const first = inbox.waiting[0];
  if (first) screen.say(`Next: buildit approve ${first.run.label} ${quoteWord(first.gate.name)}\n`);
  return EXIT.done;
};

function listRows(inbox: InboxObject): InboxRow[] {
  return [
    ...inbox.waiting.map(({ gate, run }): InboxRow => ({
      ...{ kind: 'waits for you', what: run.label },
      ...{ state: `gate ${gate.name}`, since: formatMoment(gate.createdAt) },
    })),
    ...inbox.broken.map((run) => rowOf('broken', run)),
    ...inbox.mine.map((run) => rowOf('yours', run)),
    ...inbox.soon.map(({ name, expiresAt }): InboxRow => ({
      ...{ kind: 'ends soon', what: `token ${name}` },
      ...{ state: `ends ${formatMoment(expiresAt)}`, since: '' },
    })),
  ];
}

function rowOf(kind: InboxRow['kind'], run: InboxRun): InboxRow {
  const { status } = run;
  const state = status.kind === 'ended' ? nameEnding(status.ending) : status.kind;
  return { kind, what: run.label, state, since: formatMoment(run.endedAt ?? run.createdAt) };
}

import type { Leftover, LeftoverKind } from '#core/leftovers.ts';
import type { LeftoversObject } from '#core/rest-health.ts';
import type { Call, Handler } from '../call.ts';
import { openEngine } from '../engine/session.ts';
import { EXIT } from '../exit.ts';
import type { Commands } from '../grammar/commands.ts';
import { formatBytes } from '../output/bytes.ts';
import { formatMoment } from '../output/moment.ts';
import { printObjects } from '../output/print.ts';
import { requireYes } from '../terminal/require-yes.ts';

type PruneCall = Call<Commands['prune']>;

/** What a kind is, for who reads the table. */
const WHAT: Record<LeftoverKind, (found: Pick<LeftoversObject, 'retention'>) => string> = {
  runs: ({ retention }) => `logs and artifacts of runs kept for longer than ${retention.days} days`,
  space: ({ retention }) =>
    retention.bytes === null ? 'no limit is set' : `of the oldest runs, above ${formatBytes(retention.bytes)} in all`,
  artifacts: () => 'artifacts past their own expire',
  strays: () => 'logs and artifacts of runs that nobody knows',
  chunks: () => 'parts of artifacts that are gone',
  snapshots: () => 'sources that no kept run begins from',
  caches: () => 'stored caches that nobody can find',
  hosts: () => 'containers, networks, volumes and folders of ended runs',
  secrets: () => 'secrets sealed for runs that are over',
  answers: () => 'answers kept for repeated requests',
};

/** `buildit prune [--dry-run]`: the engine of this machine. What goes is said first, and needs a yes. */
export const handle: Handler<Commands['prune']> = async (call) => {
  const { screen, options } = call;
  const { api } = await openEngine(call);
  const would = await api().findLeftovers();
  if (options['dry-run']) return show(call, would);
  const count = sum(would.leftovers, (one) => one.count);
  if (count > 0) {
    if (!options.yes) await show({ ...call, format: 'table' }, would, screen.say);
    const bytes = sum(would.leftovers, (one) => one.bytes ?? 0);
    await requireYes(call, `Remove these ${count}, ${formatBytes(bytes)}? Runs stay with their endings and times.`);
  }
  const gone = count > 0 ? await api().prune() : would;
  await show(call, gone);
  if (gone.leftovers.some(({ kind, count: removed }) => removed > 0 && ['runs', 'space', 'artifacts'].includes(kind))) {
    screen.say('What their artifacts took on the disk is free an hour later: a download may be under way.\n');
  }
  return EXIT.done;
};

/** The table has what there is; data has every kind. */
async function show(call: PruneCall, found: LeftoversObject, write = call.screen.out): Promise<typeof EXIT.done> {
  const { screen, options, format } = call;
  const isTable = format === 'table';
  const items = isTable ? found.leftovers.filter(({ count }) => count > 0) : found.leftovers;
  for (const trouble of found.troubles) screen.say(`trouble: ${trouble}\n`);
  if (isTable && items.length === 0) {
    screen.say('Nothing is left over.\n');
    return EXIT.done;
  }
  await printObjects<Leftover>(
    { ...screen, out: write },
    {
      items,
      columns: [
        { header: 'kind', valueOf: ({ kind }) => kind },
        { header: 'count', valueOf: ({ count }) => String(count), align: 'right' },
        { header: 'size', valueOf: ({ bytes }) => (bytes === null ? '' : formatBytes(bytes)), align: 'right' },
        { header: 'oldest', valueOf: ({ oldestAt }) => formatMoment(oldestAt) },
        { header: 'what', valueOf: ({ kind }) => WHAT[kind](found), shorten: 'end' },
      ],
      nameOf: ({ kind }) => kind,
      isList: true,
    },
    { format, fields: options.fields, 'no-headers': options['no-headers'] },
  );
  return EXIT.done;
}

function sum(leftovers: readonly Leftover[], of: (one: Leftover) => number): number {
  return leftovers.reduce((total, one) => total + of(one), 0);
}

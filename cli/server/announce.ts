import type { AnyCall } from '../call.ts';
import { printObjects } from '../output/print.ts';

/** What whoever starts a server is told. */
export interface Announcement {
  url: string;
  /** Opened once it makes the owner's account; null when there is one already. */
  setupUrl: string | null;
}

/** One line with the address, on the first visit one with the link; as data one object. */
export async function announce(call: AnyCall, told: Announcement): Promise<void> {
  const { screen, format, options } = call;
  if (format === 'table') {
    screen.out(`BuildIt serves ${screen.paintOut('bold', told.url)}\n`);
    if (told.setupUrl) screen.out(`First visit, makes the owner's account: ${told.setupUrl}\n`);
    return;
  }
  await printObjects(
    screen,
    { items: [told], columns: [], nameOf: ({ url }) => url, isList: false },
    { format, fields: options.fields, 'no-headers': options['no-headers'] },
  );
}

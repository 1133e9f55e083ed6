import type { AnyCall } from '../call.ts';
import { openLivePrinter } from '../live/live-printer.ts';
import { openObjectPrinter, openQuietPrinter } from '../live/object-printer.ts';
import { openPlainPrinter } from '../live/plain-printer.ts';
import type { Printer } from '../live/printer.ts';
import type { View } from '../live/view.ts';

/** The printer of the way this command talks. */
export function openPrinter(call: AnyCall, view: () => View, hasKeys: boolean): Printer {
  const { screen, ui } = call;
  switch (ui) {
    case 'live':
      return openLivePrinter({ screen, view, hasKeys, write: (text) => screen.cry(text) });
    case 'plain':
      return openPlainPrinter({ screen, view, isGithub: call.environment['GITHUB_ACTIONS'] === 'true' });
    case 'quiet':
      return openQuietPrinter(screen);
    case 'json':
      return openObjectPrinter(screen, call.format);
    default:
      return ui satisfies never;
  }
}

import { POLL_AFTER_TRIES, useConnection, type Connection } from '../data/stream.ts';
import { Button } from '../ui/button.tsx';
import { Clock, describeAge, useNow } from '../ui/moment.tsx';
import type { Hue } from '../ui/status-look.ts';
import { Tooltip } from '../ui/tooltip.tsx';

/** What is shown is old from here on, and says so above the page. */
const OLD_AFTER_MS = 40_000;

/** Live, reconnecting, polling, offline: how fresh what the page shows is. */
export function ConnectionChip() {
  const connection = useConnection();
  if (connection.isOutdated) {
    return (
      <Button size="dense" onClick={() => location.reload()}>
        Updated: reload
      </Button>
    );
  }
  const { word, hue, more } = describe(connection);
  return (
    <Tooltip text={more}>
      <span
        data-hue={hue}
        // Focusable: its tooltip says more.
        tabIndex={0}
        role="status"
        className="inline-flex h-6 items-center gap-1.5 rounded-full px-2 text-12 whitespace-nowrap text-2"
      >
        <span
          aria-hidden
          className={`size-2 rounded-full border ${hue === 'success' ? 'border-hue bg-hue' : 'border-2 border-hue'}`}
        />
        <span className="max-sm:sr-only">{word}</span>
      </span>
    </Tooltip>
  );
}

function describe(connection: Connection): { word: React.ReactNode; hue: Hue; more: string } {
  const { dataFrom } = connection;
  if (!connection.isOnline) return { word: 'Offline', hue: 'error', more: 'This machine has no network.' };
  switch (connection.kind) {
    case 'live':
    case 'idle':
      return { word: 'Live', hue: 'success', more: 'Changes are shown as they happen.' };
    case 'connecting':
      return { word: 'Connecting', hue: 'neutral', more: 'The stream of changes is being opened.' };
    case 'lost':
      if (connection.tries >= POLL_AFTER_TRIES) {
        return {
          word: 'Polling every 5 s',
          hue: 'warning',
          more: 'The stream of changes cannot be had; the page asks by itself.',
        };
      }
      return {
        word: (
          <>
            Reconnecting
            {dataFrom === null ? null : (
              <>
                , data from <Clock at={new Date(dataFrom).toISOString()} />
              </>
            )}
          </>
        ),
        hue: 'warning',
        more: 'The stream of changes was cut; it comes back by itself.',
      };
    default:
      return connection satisfies never;
  }
}

/** Above the page, when what it shows is old. */
export function StaleBanner() {
  const connection = useConnection();
  const now = useNow();
  const { dataFrom } = connection;
  if (dataFrom === null) return null;
  const isOld = connection.kind === 'lost' && now - dataFrom > OLD_AFTER_MS;
  if (connection.isOnline && !isOld) return null;
  return (
    <p role="status" data-hue="warning" className="bg-hue-tint px-4 py-1.5 text-13 text-1">
      {connection.isOnline ? 'The server is not reached' : 'This machine is offline'}: what you see is from{' '}
      {describeAge(new Date(dataFrom).toISOString(), now)}.
    </p>
  );
}

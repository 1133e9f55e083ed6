import type { AuditEventObject } from '#core/rest-audit.ts';
import { Button } from '../../ui/button.tsx';
import { CopyText } from '../../ui/copy-text.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { listChanges } from './list-changes.ts';

/** One event whole: before and after, where it came from, its place in the chain. */
export function EventDialog({ event, onClose }: { event: AuditEventObject; onClose(): void }) {
  const facts = [
    ['Time', event.at],
    ['Actor', event.actor],
    ['Object', `${event.object.kind} ${event.object.name}`],
    ['Where', event.workspace ?? event.organization],
    ['Verdict', event.code ? `${event.verdict} (${event.code})` : event.verdict],
    ['Address', event.address],
    ['Request', event.requestId],
    ['Place in the chain', String(event.seq)],
  ];
  const { changes, rest } = listChanges(event.detail);
  return (
    <Dialog title={event.action} width="normal" onClose={onClose} footer={<Button onClick={onClose}>Close</Button>}>
      <div className="flex flex-col gap-4 text-13">
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          {facts.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-2">{name}</dt>
              <dd className="break-words">{value}</dd>
            </div>
          ))}
        </dl>
        {changes.length > 0 ? (
          <table aria-label="Before and after" className="w-full table-fixed text-left text-12">
            <thead className="text-2">
              <tr>
                {['Field', 'Before', 'After'].map((head) => (
                  <th key={head} scope="col" className="py-1 pr-3 font-medium">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="font-mono">
              {changes.map(({ field, before, after }) => (
                <tr key={field} className="border-t border-subtle align-top">
                  <th scope="row" className="py-1 pr-3 font-normal break-words">
                    {field}
                  </th>
                  <td className="py-1 pr-3 break-words text-2">{before ?? '–'}</td>
                  <td className="py-1 break-words">{after ?? '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        ) : null}
        {rest === null ? null : (
          <pre
            tabIndex={0}
            aria-label="Detail"
            className="max-h-80 overflow-auto rounded-6 border border-subtle bg-base p-3 font-mono text-12"
          >
            {JSON.stringify(rest, null, 2)}
          </pre>
        )}
        <CopyText text={event.hash} label="Copy the event's hash" />
      </div>
    </Dialog>
  );
}

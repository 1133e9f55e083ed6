import type { InboxFault } from '#core/rest-inbox.ts';
import { ButtonLink } from '../../ui/button.tsx';
import { Age } from '../../ui/moment.tsx';
import { Row } from './row.tsx';

/** Parts of the installation that fail (UI §4.16): not anybody's code. */
export function FaultRows({ faults }: { faults: readonly InboxFault[] }) {
  return faults.map(({ id, label, value, remedy, since }) => (
    <Row
      key={id}
      id={`fault ${id}`}
      state="errored"
      word="Fails (platform)"
      href={`/admin#${id}`}
      object={label}
      reason={remedy === null ? value : `${value}: ${remedy}`}
      age={<Age at={since} />}
      action={
        <ButtonLink href={`/admin#${id}`} size="dense">
          Health
        </ButtonLink>
      }
    />
  ));
}

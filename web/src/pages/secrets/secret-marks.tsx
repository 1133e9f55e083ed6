import type { SecretObject } from '#core/rest-secrets.ts';
import { Badge } from '../../ui/badge.tsx';
import { serverNow } from '../../ui/moment.tsx';
import { isUnused } from './describe-scope.ts';

/** What is to be known of a secret beside its name. */
export function SecretMarks({ secret }: { secret: SecretObject }) {
  return (
    <>
      {secret.enabled ? null : <Badge>Disabled</Badge>}
      {isUnused(secret, serverNow()) ? (
        <Badge hue="warning" title="No stage got it for 90 days">
          Unused
        </Badge>
      ) : null}
    </>
  );
}

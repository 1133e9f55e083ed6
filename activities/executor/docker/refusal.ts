import type { Reason } from '#core/attempt.ts';
import type { AttemptSpec } from '../port.ts';

/**
 * What the runtime's refusal to begin a program means for the user, when their image or settings are to blame: then
 * the stage `failed`. Null for everything else, which is ours.
 */
export function readRefusal(said: string, spec: Pick<AttemptSpec, 'image' | 'user'>): Reason | null {
  const image = spec.image?.ref ?? '';
  if (/exec: "?\/bin\/sh"?|\/bin\/sh: no such file|stat \/bin\/sh/.test(said)) {
    const message = `the image ${image} has no /bin/sh, which every stage needs to run its steps`;
    return { code: 'shell-missing', message, values: { image } };
  }
  if (
    /unable to find (user|group)|no matching entries in (passwd|group) file|invalid user|uids and gids must be/i.test(
      said,
    )
  ) {
    const user = spec.user ?? '';
    return { code: 'user-missing', message: `the image ${image} has no user "${user}"`, values: { image, user } };
  }
  if (/minimum memory limit allowed|range of CPUs is from/i.test(said)) {
    return { code: 'resources-refused', message: `the Docker host cannot give these resources: ${said}` };
  }
  return null;
}

/** The daemon cannot mount an overlay from these folders: the workspace becomes a copy then. */
export function isMountFailure(said: string): boolean {
  return /failed to mount local volume|error while mounting volume/i.test(said);
}

/** The run's box is gone or down (a daemon that was restarted): it is brought up again. */
export function isBoxMissing(said: string): boolean {
  return /cannot join network of a non running container|No such container: bi-/i.test(said);
}

import { FaultError, NO_RETRY } from '#core/fault.ts';

/** Longest segment every file system takes (255 bytes), with room for what is appended while writing. */
const SEGMENT_MAX = 200;

/**
 * A key as unstorage may carry it: `/` becomes `:`, and what its keys or a file system treat
 * specially (`?`, `:`, `$`, a leading dot, …) becomes `%xx`. {@link decodeKey} undoes it.
 * Throws `object-key-invalid` for empty, `.` and `..` segments and over-long ones.
 */
export function encodeKey(key: string): string {
  return key
    .split('/')
    .map((segment) => encodeSegment(segment, key))
    .join(':');
}

/** The key that {@link encodeKey} was given. */
export function decodeKey(encoded: string): string {
  return encoded.split(':').map(decodeURIComponent).join('/');
}

function encodeSegment(segment: string, key: string): string {
  if (segment === '' || segment === '.' || segment === '..') {
    throw invalidKey(key, 'it has an empty, "." or ".." segment');
  }
  const encoded = encodeURIComponent(segment)
    .replaceAll(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
    .replace(/^\./, '%2e')
    .replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
  if (encoded.length > SEGMENT_MAX) throw invalidKey(key, `a segment is longer than ${SEGMENT_MAX} bytes`);
  return encoded;
}

function invalidKey(key: string, cause: string): FaultError {
  return new FaultError({
    code: 'object-key-invalid',
    message: `The object key ${JSON.stringify(key)} cannot be stored`,
    cause,
    retry: NO_RETRY,
  });
}

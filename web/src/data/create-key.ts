/** `crypto.randomUUID` is there for pages of https and of this machine alone; a server on plain http has neither. */
export function createKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

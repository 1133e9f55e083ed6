/**
 * Where to go after a sign-in: a path of this server, parsed and written anew, or the home page for whatever else
 * somebody put there (`//evil.example`, `/\evil.example`, `https:evil.example`).
 */
export function readReturnPath(text: string | undefined): string {
  const own = 'http://own.invalid';
  if (!text?.startsWith('/') || !URL.canParse(text, own)) return '/';
  const { origin, pathname, search } = new URL(text, own);
  return origin === own && !pathname.startsWith('//') ? `${pathname}${search}` : '/';
}

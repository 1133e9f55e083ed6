/** A part of a filter as a person types it: `branch:"release 1"`, `!status:passed`, `author:!bo`, a bare word. */
export interface Token {
  text: string;
  /** Undefined of a bare word. */
  key: string | undefined;
  /** Without its quotes. */
  value: string;
  /** With `!` before it or before its value: what must not be (UI §4). */
  isExcluded: boolean;
}

export function readTokens(text: string): Token[] {
  return [...text.matchAll(/(?:[^\s"]+:)?!?(?:"[^"]*"|\S+)/g)].map(([token]) => {
    const [, before = '', key, inside = '', written = ''] = /^(!?)(?:(\w+):)?(!?)(.*)$/.exec(token) ?? [];
    return { text: token, key, value: written.replace(/^"(.*)"$/, '$1'), isExcluded: before + inside !== '' };
  });
}

/** The text without one of its tokens. */
export function withoutToken(text: string, token: string): string {
  return readTokens(text)
    .flatMap((one) => (one.text === token ? [] : [one.text]))
    .join(' ');
}

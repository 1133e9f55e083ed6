/** Text inside a block, in order. Everything that is not one of these is text. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong' | 'emphasis' | 'strike'; inside: Inline[] }
  | { kind: 'link'; href: string; inside: Inline[] };

/** Deeper is text: nobody means it, and a note may be made to be deep. */
const MAX_DEPTH = 6;

const CODE = /^(`+)([\s\S]*?[^`])\1(?!`)/;
const MARKS = [
  { pattern: /^(\*\*|__)(?=\S)([\s\S]*?\S)\1/, kind: 'strong' },
  { pattern: /^(~~)(?=\S)([\s\S]*?\S)\1/, kind: 'strike' },
  { pattern: /^(\*|_)(?=[^\s*_])([\s\S]*?[^\s*_])\1(?!\w)/, kind: 'emphasis' },
] as const;
const LINK = /^!?\[([^\]]*)\]\(\s*<?((?:[^\s()<>]|\([^\s()]*\))+)>?(?:\s+"[^"]*")?\s*\)/;
const ADDRESS = /^<?(https?:\/\/[^\s<>"'`]*[^\s<>"'`.,;:!?)\]])>?/;
const SPECIAL = /[`*_~![<h\\]/g;

/** Code, emphasis and links of Markdown. HTML is text; a link that is not http(s) is its words. */
export function parseInline(text: string, depth = 0): Inline[] {
  const parts: Inline[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') parts.push({ kind: 'text', text: plain });
    plain = '';
  };
  for (let at = 0; at < text.length;) {
    SPECIAL.lastIndex = at;
    const next = SPECIAL.exec(text)?.index ?? text.length;
    plain += text.slice(at, next);
    if (next >= text.length) break;
    const rest = text.slice(next);
    const found = depth < MAX_DEPTH ? readSpecial(rest, text[next - 1] ?? ' ', depth) : null;
    if (found) {
      flush();
      parts.push(...found.parts);
      at = next + found.length;
    } else {
      plain += text[next];
      at = next + 1;
    }
  }
  flush();
  return parts;
}

function readSpecial(rest: string, before: string, depth: number): { parts: Inline[]; length: number } | null {
  const escaped = /^\\([\\`*_{}[\]()#+\-.!~<>|])/.exec(rest);
  if (escaped) return { parts: [{ kind: 'text', text: escaped[1] ?? '' }], length: 2 };
  const code = CODE.exec(rest);
  if (code) return { parts: [{ kind: 'code', text: (code[2] ?? '').trim() }], length: code[0].length };
  const link = LINK.exec(rest);
  if (link) {
    const [whole, words = '', href = ''] = link;
    const inside = parseInline(words === '' ? href : words, depth + 1);
    return { parts: isSafe(href) ? [{ kind: 'link', href, inside }] : inside, length: whole.length };
  }
  const address = /\w/.test(before) ? null : ADDRESS.exec(rest);
  if (address) {
    const [whole, href = ''] = address;
    return { parts: [{ kind: 'link', href, inside: [{ kind: 'text', text: href }] }], length: whole.length };
  }
  for (const { pattern, kind } of MARKS) {
    const [whole, mark = '', words = ''] = pattern.exec(rest) ?? [];
    // snake_case is one word.
    if (whole === undefined || (mark.startsWith('_') && /\w/.test(before))) continue;
    return { parts: [{ kind, inside: parseInline(words, depth + 1) }], length: whole.length };
  }
  return null;
}

function isSafe(href: string): boolean {
  return /^https?:\/\//i.test(href) && URL.canParse(href);
}

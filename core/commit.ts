import type { GitFacts } from './plan.ts';

/** What people read of a commit: the first line of its message, and who wrote it. */
export interface CommitWords {
  /** At most {@link MOST} characters; null where there is no message. */
  subject: string | null;
  /** `Ann Example <ann@example.org>`; null where nobody is named. */
  author: string | null;
}

/** Characters of each that are kept: a list shows one line of it. */
const MOST = 200;

/** Controls, and the characters that reorder or hide what stands around them (UI §5). */
const HARMFUL = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff\u2028\u2029]+/gu;

/** Both are texts of others: on one line, without anything that could move or reorder what is read beside them. */
export function describeCommit({ message, author }: Pick<GitFacts, 'message' | 'author'>): CommitWords {
  const [subject = ''] = message.trimStart().split(/\r?\n|\r/, 1);
  return { subject: toLine(subject), author: toLine(author) };
}

/** `Ann Example` of `Ann Example <ann@example.org>`; the address where there is no name. */
export function nameOfAuthor(author: string): string {
  const { name = '', address = '' } = SIGNED.exec(author)?.groups ?? {};
  return name || address || author;
}

/** Whether somebody is meant by a text: by the whole name or by the e-mail address, in any case. */
export function isAuthor(author: string | null, text: string): boolean {
  if (author === null) return false;
  const { name = author, address = '' } = SIGNED.exec(author)?.groups ?? {};
  return [author, name, address].some((one) => one !== '' && one.toLowerCase() === text.toLowerCase());
}

const SIGNED = /^(?<name>[^<]*?) ?<(?<address>[^<>]*)>$/;

/** A text of others for a list: on one line, bounded, inert; null when nothing is left. */
export function toLine(text: string): string | null {
  const line = text.toWellFormed().replaceAll(HARMFUL, ' ').trim();
  const kept = Array.from(line);
  if (kept.length === 0) return null;
  return kept.length > MOST ? `${kept.slice(0, MOST - 1).join('')}…` : line;
}

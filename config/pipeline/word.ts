/** A positional argument of a word. `many` takes one or more, `any` also none; both stand last. */
export interface Argument {
  name: string;
  type: 'string' | 'integer' | 'number' | 'number-or-string' | 'scalar' | 'boolean';
  need: 'one' | 'optional' | 'many' | 'any';
  /** The only values allowed; checked where the text is read, as it may hold references. */
  choices?: readonly string[];
}

/**
 * What a word of the language may say. A word inside a word is written as a child node or,
 * when it has one value and nothing inside, as a property: both mean the same
 * (LANGUAGE §1).
 */
export interface Word {
  /** One sentence for `explain`, the reference and editors. */
  summary: string;
  args: readonly Argument[];
  words: Readonly<Record<string, Word>>;
  /** Names inside are the user's own (`env`, `include`), each shaped like this. */
  open?: Word;
  /** `once`: twice is an error; `many`: each stands for itself; `adds`: values add up. */
  repeat: 'once' | 'many' | 'adds';
  /** The word whose inner words are also its own: the reference has them once. */
  like?: string;
  /** Older names of words inside, by the name they have now (LANGUAGE §12). */
  older?: Readonly<Record<string, string>>;
  /** First version that knows it. */
  since: string;
}

type Options = Partial<Pick<Word, 'words' | 'open' | 'repeat' | 'older'>>;

/** A word that says what it does, and what may follow and stand inside. */
export function word(summary: string, args: readonly Argument[], options: Options = {}): Word {
  return { summary, args, words: {}, repeat: 'once', since: '0.1', ...options };
}

/** The single argument of a word. */
export function one(name: string, type: Argument['type'] = 'string', choices?: readonly string[]) {
  const argument: Argument = { name, type, need: 'one', ...(choices ? { choices } : {}) };
  return [argument] as const;
}

export const optional = (name: string, type: Argument['type'] = 'string'): Argument => ({
  name,
  type,
  need: 'optional',
});
export const many = (name: string, type: Argument['type'] = 'string') =>
  [{ name, type, need: 'many' }] as const satisfies readonly Argument[];
/** Whether a word takes as many values as are written. */
export function takesList(args: readonly Argument[]): boolean {
  const need = args.at(-1)?.need;
  return need === 'many' || need === 'any';
}
/** `manual` alone means `manual #true`. */
export const flag = [optional('on', 'boolean')] as const;

/** The name a word inside another has now: older ones mean the same. */
export function currentName(around: Word | null, name: string): string {
  const { older } = around ?? {};
  return (older && Object.hasOwn(older, name) ? older[name] : undefined) ?? name;
}

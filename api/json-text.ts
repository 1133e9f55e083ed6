import { ProblemError } from './problem.ts';

/** Objects and lists in each other; what the API takes has a handful. */
const MAX_DEPTH = 64;
/** Each costs far more than its text, once parsed and checked; what the API takes has some hundreds. */
const MAX_VALUES = 20_000;

/**
 * JSON as `JSON.parse` reads it, but what it would quietly drop or what would surprise later code is refused: a key that
 * stands twice in an object, more than 64 levels or 20,000 values, the key `__proto__`. Throws 400 `json-invalid`,
 * `json-duplicate`, `json-too-deep`, `json-too-many`, `json-key-refused` with the place.
 */
export function parseJson(text: string): unknown {
  // First, because a bomb does its harm in the parser.
  checkKeys(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemError(400, 'json-invalid', 'the body is no JSON', {
      cause: describe(error),
      hint: "a body is JSON in UTF-8, sent with -H 'Content-Type: application/json'",
    });
  }
}

/** What the parser says without what it quotes: that may be a part of a secret. */
function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/, (\.{3})?".*"(\.{3})? is not valid JSON$/s, '');
}

/** An object or list that is open at the place that is looked at. */
interface Level {
  /** Null in a list. */
  keys: Set<string> | null;
  /** The key or index in work. */
  at: string | number;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [34, 92, 44, 58];
const [LIST, LIST_END, OBJECT, OBJECT_END] = [91, 93, 123, 125];

/**
 * One pass over the text: of JSON the first string behind `{` or `,` of an object is a key. Of what is no JSON it may say
 * anything, or nothing: the parser refuses that.
 */
function checkKeys(text: string): void {
  const levels: Level[] = [];
  let level: Level | undefined;
  let isKeyNext = false;
  let values = 1;
  const countValue = () => {
    values += 1;
    if (values > MAX_VALUES) throw refuse(levels, 'json-too-many', `is where it has more than ${MAX_VALUES} values`);
  };
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case QUOTE: {
        const end = findEnd(text, index);
        if (isKeyNext && level?.keys) addKey(levels, level.keys, text.slice(index, end + 1));
        isKeyNext = false;
        index = end;
        break;
      }
      case OBJECT:
      case LIST: {
        const isObject = text.charCodeAt(index) === OBJECT;
        countValue();
        level = { keys: isObject ? new Set() : null, at: isObject ? '' : 0 };
        levels.push(level);
        isKeyNext = isObject;
        if (levels.length > MAX_DEPTH) {
          throw refuse(levels, 'json-too-deep', `is more than ${MAX_DEPTH} levels deep`);
        }
        break;
      }
      case OBJECT_END:
      case LIST_END:
        levels.pop();
        level = levels.at(-1);
        break;
      case COMMA:
        countValue();
        isKeyNext = level?.keys !== null;
        if (typeof level?.at === 'number') level.at += 1;
        break;
      case COLON:
        isKeyNext = false;
        break;
      default:
    }
  }
}

/** Index of the quote that ends the string at `start`; behind the text when none does. */
function findEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

function addKey(levels: readonly Level[], keys: Set<string>, quoted: string): void {
  const key = quoted.includes('\\') ? unquote(quoted) : quoted.slice(1, -1);
  const level = levels.at(-1);
  if (level) level.at = key;
  if (keys.has(key)) throw refuse(levels, 'json-duplicate', 'stands there twice');
  if (key === '__proto__') throw refuse(levels, 'json-key-refused', 'is no name of a field');
  keys.add(key);
}

/** What is no JSON stays as it is. */
function unquote(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}

function refuse(levels: readonly Level[], code: string, message: string): ProblemError {
  // A pointer of RFC 6901, cut where nobody reads on.
  const parts = levels.slice(0, 10).map(({ at }) => String(at).replaceAll('~', '~0').replaceAll('/', '~1'));
  const pointer = `/${parts.join('/')}${levels.length > 10 ? '/…' : ''}`.toWellFormed();
  return new ProblemError(400, code, `${pointer} ${message}`, { errors: [{ pointer, code, message }] });
}

import type { Lexed, Token } from './lexer.ts';
import type { Problems } from './problems.ts';

/**
 * Limits before the parser runs (LANGUAGE §1): it takes seconds to minutes for hostile
 * text. The totals are far above any real file and keep 256 KiB below two seconds.
 */
export const LIMITS = {
  bytes: 256 * 1024,
  depth: 64,
  entriesPerNode: 4_096,
  entries: 20_000,
  nodes: 10_000,
} as const;

/** Refuses a text above the size limit; nothing else is looked at then. */
export function checkSize(problems: Problems): boolean {
  const { text } = problems.source;
  // A UTF-16 unit is one to three bytes, so the exact count is needed in between only.
  const bytes = text.length * 3 <= LIMITS.bytes ? 0 : new TextEncoder().encode(text).length;
  if (bytes <= LIMITS.bytes) return true;
  problems.report('KDL001', { start: 0, end: 1 }, `the file has ${bytes} bytes, at most ${LIMITS.bytes} are read`, {
    hint: 'move long scripts into files of the repository and call them from `run`',
  });
  return false;
}

/** Reports what the token pass could not read. */
export function checkLexical(problems: Problems, lexed: Lexed): boolean {
  const { problem } = lexed;
  if (problem === null) return true;
  switch (problem.kind) {
    case 'string':
      problems.report('KDL005', problem, 'this string is never closed', {
        label: 'opened here',
        hint: 'close it on the same line, or write several lines as """ … """',
      });
      return false;
    case 'comment':
      problems.report('KDL005', problem, 'this comment is never closed', {
        label: 'opened here',
        hint: 'end it with */ (comments nest: every /* wants its own */)',
      });
      return false;
    case 'hashes':
      problems.report('KDL003', problem, 'more than 8 # in a row', {
        hint: 'a raw string is #"…"#, and one more # on both ends when it contains "#',
      });
      return false;
    case 'comment-depth':
      problems.report('KDL002', problem, `comments nest deeper than ${LIMITS.depth}`);
      return false;
    default:
      throw new Error(`unknown lexical problem ${String(problem.kind satisfies never)}`);
  }
}

/** Checks braces, depth and counts in one pass over the tokens. */
export function checkTokens(problems: Problems, tokens: readonly Token[]): boolean {
  const open: Token[] = [];
  let nodes = 0;
  let entries = 0;
  let nodeEntries = 0;
  let atStart = true;
  for (const token of tokens) {
    switch (token.kind) {
      case '{':
        open.push(token);
        if (open.length > LIMITS.depth) {
          problems.report('KDL002', token, `blocks nest deeper than ${LIMITS.depth}`);
          return false;
        }
        atStart = true;
        break;
      case '}':
        if (open.pop() === undefined) {
          problems.report('KDL005', token, 'this } closes nothing', {
            hint: 'remove it, or look for a { that is missing above',
          });
          return false;
        }
        // Text behind a block belongs to the same node, but the parser refuses it itself.
        atStart = true;
        break;
      case 'newline':
      case ';':
        atStart = true;
        break;
      case 'string':
      case 'bare':
        if (atStart) {
          nodes++;
          nodeEntries = 0;
          atStart = false;
        } else {
          nodeEntries++;
          entries++;
        }
        break;
      case 'comment':
      case 'slashdash':
      case 'continue':
      case '=':
      case '(':
      case ')':
      case '[':
      case ']':
        break;
      default:
        token.kind satisfies never;
    }
    if (nodeEntries > LIMITS.entriesPerNode) {
      problems.report('KDL003', token, `more than ${LIMITS.entriesPerNode} entries in one node`);
      return false;
    }
    if (nodes > LIMITS.nodes || entries > LIMITS.entries) {
      problems.report('KDL003', token, `more than ${LIMITS.nodes} nodes or ${LIMITS.entries} entries in one file`);
      return false;
    }
  }
  const unclosed = open.pop();
  if (unclosed) {
    problems.report('KDL005', unclosed, 'this { is never closed', { label: 'opened here' });
    return false;
  }
  return true;
}

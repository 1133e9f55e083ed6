import { checkLexical, checkSize, checkTokens, LIMITS } from './guard.ts';
import { type KdlNode, parseKdl } from './kdl.ts';
import { lexKdl } from './lexer.ts';
import type { Problems } from './problems.ts';
import { rewriteOlder } from './rewrite.ts';

/** Guards, older spellings, parser: the nodes of a text, or null with a reported reason. */
export function parseFile(problems: Problems): KdlNode[] | null {
  if (!checkSize(problems)) return null;
  const lexed = lexKdl(problems.source.text, LIMITS.depth);
  if (!checkLexical(problems, lexed) || !checkTokens(problems, lexed.tokens)) return null;
  const rewritten = rewriteOlder(problems, lexed.tokens);
  return rewritten && parseKdl(problems, rewritten);
}

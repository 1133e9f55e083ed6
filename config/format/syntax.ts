/** A value in its spelling; a list literal is one value until it is rewritten. */
export type SyntaxValue =
  | { kind: 'scalar'; tag: string; text: string; start: number }
  /** `parts` are its values and the comments between them. */
  | { kind: 'list'; parts: SyntaxPart[] };

/** What stands behind the name of a node, in order. `isHidden`: behind `/-`. */
export type SyntaxPart =
  | { kind: 'argument'; isHidden: boolean; value: SyntaxValue }
  | { kind: 'property'; isHidden: boolean; key: string; value: SyntaxValue }
  | { kind: 'block'; isHidden: boolean; block: SyntaxBlock }
  /** A block comment. */
  | { kind: 'comment'; text: string }
  /** `\` at the end of a line, with the comment behind it. */
  | { kind: 'break'; comment: string | null };

/** A node with the comments around it. Names and keys are in their spelling. */
export interface SyntaxNode {
  kind: 'node';
  hasBlankBefore: boolean;
  /** Block comments on its line before it. */
  before: string[];
  isHidden: boolean;
  tag: string;
  name: string;
  parts: SyntaxPart[];
  /** Line comment behind it. */
  after: string | null;
}

/** Comments on a line of their own. */
export interface SyntaxComment {
  kind: 'comment';
  hasBlankBefore: boolean;
  texts: string[];
}

export type SyntaxItem = SyntaxNode | SyntaxComment;

/** Nodes and comments between braces, or of a whole file. */
export interface SyntaxBlock {
  items: SyntaxItem[];
  /** Line comment behind the opening brace. */
  openComment: string | null;
  /** Written without a line break between its nodes. */
  isOneLine: boolean;
}

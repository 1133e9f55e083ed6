import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  CompletionItemKind,
  type Connection,
  MarkupKind,
  type Range,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { formatFile } from '#config/format/format.ts';
import type { Token } from '#config/pipeline/lexer.ts';
import { loadParser } from '#config/pipeline/parser.ts';
import { type Proposal, propose } from './complete.ts';
import { findDeclared, listDeclared, namesOf } from './declarations.ts';
import { describeWord } from './describe.ts';
import { diagnose } from './diagnose.ts';
import { type Imported, listImported } from './imported.ts';
import { findPosition, type Position } from './position.ts';
import { plainText, readTokens } from './tokens.ts';

/** After the last change; typing goes before checking. */
const QUIET_MS = 50;

const ITEM_KINDS: Readonly<Record<Proposal['kind'], CompletionItemKind>> = {
  word: CompletionItemKind.Keyword,
  key: CompletionItemKind.Property,
  choice: CompletionItemKind.EnumMember,
  stage: CompletionItemKind.Reference,
};

/**
 * Answers an editor about pipeline files over a connection of the Language Server
 * Protocol: diagnostics, completion, hover, definition of stages, formatting. All but the
 * diagnostics and formatting look at tokens alone, so they work while a file is wrong.
 */
export function serveLanguage(connection: Connection): void {
  const documents = new TextDocuments(TextDocument);
  const checks = new Map<string, NodeJS.Timeout>();

  connection.onInitialize(() => ({
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      completionProvider: { triggerCharacters: ['"', '='] },
      hoverProvider: true,
      definitionProvider: true,
      documentFormattingProvider: true,
    },
    serverInfo: { name: 'buildit' },
  }));

  // Loaded before it is needed, or the first answer would wait for it.
  connection.onInitialized(() => {
    loadParser();
  });

  documents.onDidChangeContent(({ document }) => {
    clearTimeout(checks.get(document.uri));
    checks.set(
      document.uri,
      setTimeout(() => {
        checks.delete(document.uri);
        const { uri, version } = document;
        void connection.sendDiagnostics({ uri, version, diagnostics: diagnose(uri, document.getText()) });
      }, QUIET_MS),
    );
  });
  documents.onDidClose(({ document: { uri } }) => {
    clearTimeout(checks.get(uri));
    checks.delete(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });

  connection.onCompletion(({ textDocument, position }) => {
    const document = documents.get(textDocument.uri);
    if (!document) return [];
    const text = document.getText();
    const offset = document.offsetAt(position);
    const tokens = readTokens(text);
    const found = findPosition(text, tokens, offset);
    const range = rangeToReplace(document, found, offset);
    const declared = [...listDeclared(text, tokens), ...listTemplates(document, tokens, found)];
    return propose(found, declared).map((proposal) => ({
      label: proposal.label,
      kind: ITEM_KINDS[proposal.kind],
      documentation: { kind: MarkupKind.Markdown, value: proposal.documentation },
      textEdit: { range, newText: quoteWhereNeeded(document, found, proposal) },
    }));
  });

  connection.onHover(({ textDocument, position }) => {
    const document = documents.get(textDocument.uri);
    if (!document) return null;
    const text = document.getText();
    const found = findPosition(text, readTokens(text), document.offsetAt(position));
    if (found.kind === 'nothing' || !found.word || !found.token) return null;
    const name = found.kind === 'value' ? found.name : plainText(text, found.token);
    const value = describeWord(name, found.word);
    return { contents: { kind: MarkupKind.Markdown, value }, range: rangeOfToken(document, found.token) };
  });

  connection.onDefinition(({ textDocument, position }) => {
    const document = documents.get(textDocument.uri);
    if (!document) return null;
    const text = document.getText();
    const tokens = readTokens(text);
    const offset = document.offsetAt(position);
    const found = findPosition(text, tokens, offset);
    if (found.kind !== 'value' || !found.token) return null;
    const declared = listDeclared(text, tokens);
    const target = findDeclared(text, declared, found.token, offset, found.name);
    if (target) return { uri: document.uri, range: rangeOfToken(document, target.token) };
    const name = plainText(text, found.token);
    const other = listTemplates(document, tokens, found).find((one) => one.name === name);
    if (!other) return null;
    const inside = TextDocument.create(other.uri, 'kdl', 0, other.text);
    return { uri: other.uri, range: rangeOfToken(inside, other.token) };
  });

  connection.onDocumentFormatting(({ textDocument }) => {
    const document = documents.get(textDocument.uri);
    if (!document) return [];
    const text = document.getText();
    const formatted = formatFile(document.uri, text);
    // What does not parse stays; its diagnostics say why.
    if (formatted.kind === 'wrong' || formatted.text === text) return [];
    const end = document.positionAt(text.length);
    return [{ range: { start: { line: 0, character: 0 }, end }, newText: formatted.text }];
  });

  documents.listen(connection);
  connection.listen();
}

/** Templates of other files, where one of them may be meant. */
function listTemplates(document: TextDocument, tokens: readonly Token[], found: Position): Imported[] {
  const isUse = found.kind === 'value' && namesOf(found.name).includes('template');
  return isUse ? listImported(document.uri, document.getText(), tokens) : [];
}

function rangeOfToken(document: TextDocument, { start, end }: Token): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

/** The token that is being written as far as it is, without its quotes. */
function rangeToReplace(document: TextDocument, position: Position, offset: number): Range {
  const token = position.kind === 'nothing' ? null : position.token;
  const here = document.positionAt(offset);
  if (!token) return { start: here, end: here };
  const raw = document.getText().slice(token.start, token.end);
  if (!raw.startsWith('"')) return rangeOfToken(document, token);
  const isClosed = raw.length > 1 && raw.endsWith('"');
  return {
    start: document.positionAt(token.start + 1),
    end: isClosed ? document.positionAt(token.end - 1) : here,
  };
}

/** A value stands in quotes; where it has none yet it brings them. */
function quoteWhereNeeded(document: TextDocument, position: Position, { kind, text }: Proposal): string {
  if (kind === 'word' || kind === 'key' || text.startsWith('#') || position.kind !== 'value') return text;
  const { token } = position;
  return token && document.getText()[token.start] === '"' ? text : `"${text}"`;
}

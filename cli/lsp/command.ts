import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import type { Handler } from '../call.ts';
import type { Commands } from '../grammar/commands.ts';
import { serveLanguage } from './server.ts';

/**
 * `buildit lsp`: a language server over stdin and stdout. The connection ends the process,
 * as the protocol says: 0 after `shutdown` and `exit`, else 1.
 */
export const handle: Handler<Commands['lsp']> = () => {
  serveLanguage(createConnection(ProposedFeatures.all, process.stdin, process.stdout));
  return new Promise<never>(() => {});
};

const { workspace } = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

/** Starts `buildit lsp`. The setting is of the machine, so that no repository chooses what is started. */
exports.activate = async () => {
  const command = workspace.getConfiguration('buildit').get('command');
  client = new LanguageClient(
    'buildit',
    'BuildIt',
    { command, args: ['lsp'] },
    { documentSelector: [{ language: 'buildit' }] },
  );
  await client.start();
};

exports.deactivate = () => client?.stop();

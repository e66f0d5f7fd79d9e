// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Starts the language servers.

const { workspace } = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

const clients = [];

function start(language, setting) {
  const command = workspace.getConfiguration('mind').get(setting);
  if (!command) return;
  const client = new LanguageClient(
      `mind.${language}`, `MIND (${language})`, { command },
      { documentSelector: [{ language }] });
  clients.push(client);
  return client.start();
}

exports.activate = () =>
    Promise.allSettled([start('mind', 'server'), start('mlir', 'mlirServer')]);

exports.deactivate = () => Promise.all(clients.map((client) => client.stop()));

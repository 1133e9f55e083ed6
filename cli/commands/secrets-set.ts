import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Call, Handler } from '../call.ts';
import { workspaceOf } from '../context/place.ts';
import { openSession } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';
import { printObject } from '../output/list.ts';
import { SECRET_COLUMNS } from '../secret/columns.ts';
import { describeScope, findSecret, readScope } from '../secret/find-secret.ts';
import { readSecretInput } from '../terminal/read-secret.ts';

/** `buildit secrets set KEY [--from-file F]`: a new secret, or a new version of the one that is there. */
export const handle: Handler<Commands['secrets set']> = async (call) => {
  const { screen, options, words } = call;
  const name = words[0] ?? '';
  const scope = readScope(options);
  const { api, place } = await openSession(call);
  const workspace = workspaceOf(place);
  const value = await readValue(call, name);
  const held = await findSecret(api(), workspace, name, scope);
  const secret = held
    ? await api().replaceSecret(held, value)
    : await api().createSecret(workspace, { name, value, scope });
  for (const notice of secret.notices ?? []) screen.say(`${screen.paint('yellow', 'note')}  ${notice}\n`);
  screen.say(`${secret.name} of ${describeScope(secret)} is at version ${secret.version}.\n`);
  if (call.format !== 'table') await printObject(call, secret, { columns: SECRET_COLUMNS, nameOf: () => name });
  return EXIT.done;
};

/** One newline at the end is the shell's, not the value's; a file is taken as it is. */
async function readValue(call: Call<Commands['secrets set']>, name: string): Promise<string> {
  const { options, folder, screen } = call;
  const file = options['from-file'];
  const bytes = file === null ? await readSecretInput(screen, `Value of ${name}: `, 'value') : readFile(folder, file);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (Buffer.from(text).equals(bytes)) return file === null ? text.replace(/\r?\n$/, '') : text;
  throw new CommandError(EXIT.usage, {
    code: 'secret-not-text',
    message: 'the value is not text in UTF-8',
    fix: 'store it in base64 and decode it in the stage: base64 FILE | buildit secrets set KEY',
  });
}

function readFile(folder: string, written: string): Buffer {
  try {
    return readFileSync(resolve(folder, written));
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
    throw new CommandError(EXIT.usage, {
      code: 'secret-file-unreadable',
      message: `--from-file ${written} cannot be read`,
      cause: `open ${code}`,
      fix: 'check the path and that you may read it',
    });
  }
}

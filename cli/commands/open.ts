import { readEngineFile } from '#engine/engine-file.ts';
import { findDataFolder, nameDataFiles } from '#engine/places.ts';
import type { Call, Handler } from '../call.ts';
import { openRun } from '../context/open-run.ts';
import { workspaceOf } from '../context/place.ts';
import { readRunReference } from '../context/run-reference.ts';
import { openSession, type Session } from '../context/session.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';
import { printOptions } from '../output/list.ts';
import { printObjects } from '../output/print.ts';
import { openBrowser } from '../terminal/open-browser.ts';

/** `buildit open [OBJECT]`: prints the address and opens it where there is a screen. */
export const handle: Handler<Commands['open']> = async (call) => {
  const { session, path } = await findPage(call);
  const address =
    session.place.kind === 'server' ? `${session.place.url}${path}` : await signInLocally(call, session, path);
  if (call.format === 'table') call.screen.out(`${address}\n`);
  else {
    const shown = { items: [{ url: address }], columns: [], nameOf: () => address, isList: false };
    await printObjects(call.screen, shown, printOptions(call));
  }
  if (!(await openBrowser(address, call.environment))) {
    call.screen.say('There is no browser to open here; set BROWSER, or open the address yourself.\n');
  }
  return EXIT.done;
};

/** The session of the object's place, with the object's path there. */
async function findPage(call: Call<Commands['open']>): Promise<{ session: Session; path: string }> {
  const word = call.words[0];
  if (word === undefined) return { session: await openSession(call), path: '/' };
  if (isRun(word)) {
    const { session, run } = await openRun(call, word);
    return { session, path: run.url };
  }
  const session = await openSession(call);
  const workspace = workspaceOf(session.place);
  const pipeline = await session.api().getPipeline({ pipeline: word, workspace });
  return { session, path: `/${pipeline.workspace}/pipelines/${encodeURIComponent(pipeline.name)}` };
}

/** A word without a `#` that is no number and no id is the name of a pipeline. */
function isRun(word: string): boolean {
  return readRunReference(word).kind !== 'whole' || word.includes('#') || /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(word);
}

/** The local user has no account: a link that counts once and for a minute signs the browser in. */
async function signInLocally(call: Call<Commands['open']>, session: Session, path: string): Promise<string> {
  const port = readEngineFile(nameDataFiles(findDataFolder(call.environment)).engine)?.port ?? null;
  if (port === null) {
    throw new CommandError(EXIT.notReady, {
      code: 'port-closed',
      message: 'the engine of this machine serves no pages now',
      fix: 'open its port: buildit server',
    });
  }
  const link = await session.api().createOpenLink();
  const target = path === '/' ? '' : `&return=${encodeURIComponent(path)}`;
  return `${port.replace(/\/$/, '')}${link.path}${target}`;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Handler } from '../call.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { COMMANDS, type Commands, SHORT_FORMS } from '../grammar/commands.ts';
import { findNearest } from '../grammar/nearest.ts';
import { isCommand, listFirstWords, listGroup } from '../grammar/parse.ts';
import { renderHelp } from './render.ts';

/** Pages of all faults; read from the disk, so they need neither engine nor network. */
const FAULTS = join(import.meta.dirname, '..', '..', 'docs', 'faults');

/** `buildit help [COMMAND|CODE]` */
export const handle: Handler<Commands['help']> = async ({ words, screen }) => {
  const topic = words.join(' ');
  const command = SHORT_FORMS[topic] ?? topic;
  if (command === '' || isCommand(command) || listGroup(command).length > 0) {
    screen.out(renderHelp(command));
    return EXIT.done;
  }
  const page = /^KDL\d+$/i.test(topic) ? await explainDiagnostic(topic.toUpperCase()) : readFaultPage(topic);
  if (page === null) throw await refuseTopic(topic);
  screen.out(page.endsWith('\n') ? page : `${page}\n`);
  return EXIT.done;
};

/** Codes of the faults that have a page. */
export function listFaultCodes(): string[] {
  return readdirSync(FAULTS)
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.slice(0, -'.md'.length));
}

function readFaultPage(code: string): string | null {
  return listFaultCodes().includes(code) ? readFileSync(join(FAULTS, `${code}.md`), 'utf8') : null;
}

async function explainDiagnostic(code: string): Promise<string | null> {
  const { explainCode } = await import('#config/pipeline/codes.ts');
  const entry = explainCode(code);
  if (entry === null) return null;
  const example =
    entry.example === null ? '' : `\n## For example\n\n${entry.example.trimEnd().replaceAll(/^(?=.)/gm, '    ')}\n`;
  return `# ${code} (${entry.severity})\n\n${entry.title}\n\n${entry.explanation}\n${example}`;
}

async function refuseTopic(topic: string): Promise<CommandError> {
  const { CODES } = await import('#config/pipeline/codes.ts');
  const near = findNearest(topic, [
    ...listFirstWords(),
    ...Object.keys(COMMANDS),
    ...listFaultCodes(),
    ...Object.keys(CODES),
  ]);
  return new CommandError(EXIT.usage, {
    code: 'usage',
    message: `there is no command and no code "${topic}"`,
    fix: near === null ? 'buildit help lists the commands' : `did you mean "${near}"?`,
  });
}

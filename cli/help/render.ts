import { COMMANDS, SHORT_FORMS } from '../grammar/commands.ts';
import { GLOBAL_OPTIONS } from '../grammar/globals.ts';
import { isCommand } from '../grammar/parse.ts';
import type { CommandSpec, OptionSpec, OptionSpecs } from '../grammar/spec.ts';

const COLUMN = 26;

/** Help of everything (empty topic), of a group (`runs`) or of a command (`runs logs`). */
export function renderHelp(topic: string): string {
  if (topic === '') return renderOverview();
  return isCommand(topic) ? renderCommand(COMMANDS[topic]) : renderGroup(topic);
}

function renderOverview(): string {
  const shortOf = (name: string) => Object.entries(SHORT_FORMS).find(([, long]) => long === name)?.[0];
  const rows = Object.entries<CommandSpec>(COMMANDS).map(([name, spec]) => {
    const short = shortOf(name);
    return row(usageOf(spec), short === undefined ? spec.summary : `${spec.summary} (short: ${short})`);
  });
  return [
    'buildit runs pipelines on one durable engine, here or on a server',
    '',
    'usage: buildit COMMAND [WORDS] [FLAGS]',
    '',
    'commands',
    ...rows,
    '',
    'flags of every command',
    ...renderOptions(GLOBAL_OPTIONS),
    row('--version', 'the version of buildit'),
    '',
    'buildit help COMMAND tells more; buildit help CODE explains an error by its code.',
    '',
  ].join('\n');
}

function renderGroup(first: string): string {
  const members = Object.values<CommandSpec>(COMMANDS).filter(({ path }) => path[0] === first);
  return [
    `usage: buildit ${first} ${members.map(({ path }) => path[1] ?? '').join('|')}`,
    '',
    ...members.map((spec) => row(usageOf(spec), spec.summary)),
    '',
  ].join('\n');
}

function renderCommand(spec: CommandSpec): string {
  const options = Object.keys(spec.options).length > 0 ? ['', 'flags', ...renderOptions(spec.options)] : [];
  const formats = spec.formats ? ['', `formats: ${spec.formats.join(', ')}`] : [];
  return [
    `buildit ${spec.path.join(' ')}: ${spec.summary}`,
    '',
    `usage: buildit ${usageOf(spec)} [FLAGS]`,
    ...(spec.details.length > 0 ? ['', ...spec.details] : []),
    ...options,
    ...formats,
    '',
    'examples',
    ...spec.examples.map((example) => `  ${example}`),
    '',
    'buildit help lists the flags of every command.',
    '',
  ].join('\n');
}

function renderOptions(specs: OptionSpecs): string[] {
  return Object.entries(specs).map(([name, spec]) => row(usageOfOption(name, spec), spec.help));
}

function usageOfOption(name: string, spec: OptionSpec): string {
  const short = 'short' in spec && spec.short !== undefined ? `-${spec.short}, ` : '';
  return `${short}--${name}${spec.kind === 'flag' ? '' : ` ${spec.value}`}`;
}

/** `runs logs RUN [STAGE]` */
export function usageOf(spec: CommandSpec): string {
  const words = spec.positionals.map(({ name, required, many }) => {
    const shown = many ? `${name}…` : name;
    return required ? shown : `[${shown}]`;
  });
  return [...spec.path, ...words].join(' ');
}

function row(left: string, right: string): string {
  return left.length + 4 > COLUMN ? `  ${left}\n${' '.repeat(COLUMN)}${right}` : `  ${left.padEnd(COLUMN - 2)}${right}`;
}

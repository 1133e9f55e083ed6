import type { ConfigFile } from './config-file.ts';
import { LOCAL, type Place } from './place.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A setting as it counts now. */
export interface SettingRow {
  name: string;
  value: string;
  /** `--format`, `BUILDIT_FORMAT`, `~/.buildit/config:3`, `default`. */
  origin: string;
}

/** What settings are made of. */
export interface SettingSources {
  flags: Readonly<Record<string, unknown>>;
  environment: Environment;
  config: ConfigFile;
  place: Place;
}

/** Names that `config get` and `config set` know. */
export const CHANGEABLE = ['format', 'ui', 'color', 'workspace'] as const;

/** Every setting with what decided it (UI §8: flag, variable, file, default), then the contexts. */
export function listSettings({ flags, environment, config, place }: SettingSources): SettingRow[] {
  const choose = (
    name: string,
    sources: { flag?: string; variable?: string; line?: { value: string; line: number } | undefined | null },
    fallback: string,
  ): SettingRow => {
    const flag = sources.flag === undefined ? null : flags[sources.flag];
    if (typeof flag === 'string') return { name, value: flag, origin: `--${sources.flag}` };
    const variable = sources.variable === undefined ? undefined : environment[sources.variable];
    if (variable) return { name, value: variable, origin: sources.variable ?? '' };
    if (sources.line) return { name, value: sources.line.value, origin: `${config.path}:${sources.line.line}` };
    return { name, value: fallback, origin: 'default' };
  };
  const { settings, contexts } = config;
  const server = place.kind === 'server' ? place : null;
  const held = contexts.find(({ name }) => name === server?.context);
  const isNamed = typeof flags['context'] === 'string' || !environment['BUILDIT_SERVER'];
  const context = isNamed
    ? choose('context', { flag: 'context', line: settings.use }, LOCAL)
    : { name: 'context', value: server?.context ?? '', origin: 'BUILDIT_SERVER' };
  return [
    choose('format', { flag: 'format', variable: 'BUILDIT_FORMAT', line: settings.format }, 'table'),
    choose('ui', { variable: 'BUILDIT_UI', line: settings.ui }, 'live in a terminal, else plain'),
    choose('color', { flag: 'color', line: settings.color }, 'auto'),
    context,
    ...(server === null
      ? []
      : [
          isNamed && held
            ? { name: 'server', value: server.url, origin: `${config.path}:${held.server.line}` }
            : { name: 'server', value: server.url, origin: 'BUILDIT_SERVER' },
        ]),
    choose(
      'workspace',
      { flag: 'workspace', variable: 'BUILDIT_TENANT', line: held?.workspace },
      server === null ? 'main/main' : '',
    ),
    ...contexts.map(({ name, server: at, workspace, from }) => ({
      name: `context.${name}`,
      value: `${at.value}${workspace ? ` ${workspace.value}` : ''}`,
      origin: `${config.path}:${from}`,
    })),
  ];
}

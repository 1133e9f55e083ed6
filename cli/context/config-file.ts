import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { findNearest } from '../grammar/nearest.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a line at the top of the file may set; `use` names the context that is in use. */
export const SETTING_NAMES = ['format', 'ui', 'color', 'use'] as const;
export type SettingName = (typeof SETTING_NAMES)[number];

const CONTEXT_NAMES = ['server', 'workspace'] as const;

/** A value and where it is written. */
export interface Written {
  value: string;
  line: number;
}

/** A server one has signed in to, by a name of one's own. */
export interface Context {
  name: string;
  server: Written;
  workspace: Written | null;
  /** Lines of the block, from 1. */
  from: number;
  to: number;
}

/** `~/.buildit/config`, or where BUILDIT_CONFIG moves it. Absent is empty. */
export interface ConfigFile {
  path: string;
  text: string;
  settings: Partial<Record<SettingName, Written>>;
  contexts: Context[];
}

/** `name "value"`, with an optional `;` and a comment. */
const SETTING = /^([a-z-]+)\s+"([^"\\]*)"\s*;?\s*(?:\/\/.*)?$/;
/** `context "name" {` */
const OPENING = /^context\s+"([^"\\]*)"\s*\{\s*(?:\/\/.*)?$/;
const CLOSING = /^\}\s*(?:\/\/.*)?$/;

export function nameConfigFile(environment: Environment): string {
  return environment['BUILDIT_CONFIG'] || join(environment['HOME'] || homedir(), '.buildit', 'config');
}

/**
 * Reads the file: plain KDL, one setting a line, each command starts with it. A line nobody knows is exit 2; so is a
 * moved file that does not exist, unless the command is about to write it (`mayBeAbsent`).
 */
export function readConfigFile(environment: Environment, mayBeAbsent: boolean): ConfigFile {
  const path = nameConfigFile(environment);
  if (existsSync(path)) return parseConfig(path, readFileSync(path, 'utf8'));
  if (environment['BUILDIT_CONFIG'] && !mayBeAbsent) {
    throw refuse(`BUILDIT_CONFIG names ${path}, which does not exist`, 'unset it, or correct the path');
  }
  return { path, text: '', settings: {}, contexts: [] };
}

export function parseConfig(path: string, text: string): ConfigFile {
  const file: ConfigFile = { path, text, settings: {}, contexts: [] };
  let open: { name: string; from: number; fields: Partial<Record<(typeof CONTEXT_NAMES)[number], Written>> } | null =
    null;
  for (const [index, written] of text.split('\n').entries()) {
    const line = index + 1;
    const content = written.trim();
    if (content === '' || content.startsWith('//')) continue;
    if (open === null) {
      const name = OPENING.exec(content)?.[1];
      if (name === undefined) setOnce(file.settings, SETTING_NAMES, content, { path, line });
      else open = { name, from: line, fields: {} };
      continue;
    }
    if (!CLOSING.test(content)) {
      setOnce(open.fields, CONTEXT_NAMES, content, { path, line });
      continue;
    }
    const { name, from, fields } = open;
    if (!fields.server) throw refuse(`${path}:${from}: context "${name}" has no server`, 'add a line: server "URL"');
    if (file.contexts.some((other) => other.name === name)) {
      throw refuse(`${path}:${from}: context "${name}" stands twice`, 'leave one of them out');
    }
    file.contexts.push({ name, server: fields.server, workspace: fields.workspace ?? null, from, to: line });
    open = null;
  }
  if (open !== null) throw refuse(`${path}:${open.from}: context "${open.name}" is not closed`, 'add a line: }');
  return file;
}

function setOnce<Name extends string>(
  settings: Partial<Record<Name, Written>>,
  names: readonly Name[],
  content: string,
  { path, line }: { path: string; line: number },
): void {
  const [, name = '', value = ''] = SETTING.exec(content) ?? [];
  const known = names.find((other) => other === name);
  if (known === undefined) {
    const near = findNearest(name, names);
    throw refuse(
      `${path}:${line}: "${content}" is no setting`,
      near === null ? `one of ${names.join(', ')}, like ${names[0] ?? ''} "…"` : `did you mean ${near}?`,
    );
  }
  if (settings[known]) throw refuse(`${path}:${line}: ${known} is set twice`, 'leave one of them out');
  settings[known] = { value, line };
}

/** The text with the setting changed where it stands, or added at the top. */
export function withSetting(file: ConfigFile, name: SettingName, value: string): string {
  const lines = file.text === '' ? [] : file.text.replace(/\n$/, '').split('\n');
  const held = file.settings[name];
  if (held) lines[held.line - 1] = `${name} ${quote(value)}`;
  else lines.unshift(`${name} ${quote(value)}`);
  return `${lines.join('\n')}\n`;
}

/** The text with the context's block changed where it stands, or added at the end. */
export function withContext(file: ConfigFile, name: string, server: string, workspace: string | null): string {
  const lines = file.text === '' ? [] : file.text.replace(/\n$/, '').split('\n');
  const block = [
    `context ${quote(name)} {`,
    `  server ${quote(server)}`,
    ...(workspace === null ? [] : [`  workspace ${quote(workspace)}`]),
    '}',
  ];
  const held = file.contexts.find((context) => context.name === name);
  if (held) lines.splice(held.from - 1, held.to - held.from + 1, ...block);
  else lines.push(...block);
  return `${lines.join('\n')}\n`;
}

/** Replaces the file whole, so that a reader never sees half of it. Answers it as it is then. */
export function writeConfigFile(path: string, text: string): ConfigFile {
  mkdirSync(dirname(path), { recursive: true });
  const next = `${path}.${process.pid}.new`;
  writeFileSync(next, text);
  renameSync(next, path);
  return parseConfig(path, text);
}

function quote(value: string): string {
  if (!/["\\\n]/.test(value)) return `"${value}"`;
  throw refuse(`${JSON.stringify(value)} cannot stand in the file`, 'leave quotes, backslashes and line breaks out');
}

function refuse(message: string, fix: string): CommandError {
  return new CommandError(EXIT.usage, { code: 'usage', message, fix });
}

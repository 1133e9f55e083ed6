import { isIP } from 'node:net';
import { parseDuration } from '#core/duration.ts';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { VariableName } from './variables.ts';

/** Reads variables and collects everything that is wrong, so that one start names it all. */
export interface Reader {
  text(name: VariableName): string | null;
  required(name: VariableName): string;
  isOn(name: VariableName): boolean | null;
  count(name: VariableName, unset: number): number;
  /** A whole number, also 0. */
  amount(name: VariableName, unset: number): number;
  duration(name: VariableName, unsetMs: number): number;
  choice<const Choice extends string>(name: VariableName, choices: readonly Choice[], unset: Choice): Choice;
  /** Some of the choices, separated by commas. */
  choices<const Choice extends string>(name: VariableName, choices: readonly Choice[]): readonly Choice[];
  /** An http address without a slash at the end. */
  url(name: VariableName): string | null;
  /** `HOST:PORT`, IPv6 in brackets. */
  listen(name: VariableName): { host: string; port: number } | null;
  /** Addresses and networks, separated by commas. */
  networks(name: VariableName): string[];
  /** Labels of a machine, separated by commas. */
  labels(name: VariableName): string[];
  refuse(message: string, fix: string): void;
  /** Throws `settings-missing` with every absent variable, or `setting-invalid` with every wrong one. */
  finish(): void;
}

/** Opens a reader. An empty variable counts as unset. */
export function readVariables(environment: NodeJS.ProcessEnv): Reader {
  const missing: string[] = [];
  const wrong: { message: string; fix: string }[] = [];
  const text = (name: VariableName): string | null => environment[name] || null;
  const refuse = (message: string, fix: string): void => void wrong.push({ message, fix });
  /** Null when unset or refused. */
  const convert = <Value>(name: VariableName, parse: (written: string) => Value | null, wanted: string) => {
    const written = text(name);
    if (written === null) return null;
    const value = parse(written);
    if (value === null) refuse(`${name} is "${written}"`, `${name} is ${wanted}`);
    return value;
  };
  return {
    text,
    refuse,
    required(name) {
      const written = text(name);
      if (written === null) missing.push(name);
      return written ?? '';
    },
    isOn: (name) => convert(name, (written) => ({ on: true, off: false })[written] ?? null, 'on or off'),
    count: (name, unset) => convert(name, (text) => parseWhole(text, 1), 'a whole number from 1 on') ?? unset,
    amount: (name, unset) => convert(name, (text) => parseWhole(text, 0), 'a whole number') ?? unset,
    duration: (name, unsetMs) => convert(name, parseDuration, 'a duration, for example 30s') ?? unsetMs,
    choice: (name, choices, unset) =>
      convert(
        name,
        (written) => choices.find((choice) => choice === written) ?? null,
        `one of ${choices.join(', ')}`,
      ) ?? unset,
    choices(name, choices) {
      const parse = (written: string) => {
        const chosen = written.split(',').map((part) => choices.find((choice) => choice === part.trim()));
        return chosen.every((choice) => choice !== undefined) ? chosen : null;
      };
      return convert(name, parse, `one or more of ${choices.join(', ')}`) ?? choices;
    },
    url: (name) => convert(name, parseWebAddress, 'an http address without a path, for example https://ci.example.com'),
    listen: (name) => convert(name, parseListen, 'HOST:PORT, for example 127.0.0.1:30080'),
    networks: (name) =>
      convert(name, parseNetworks, 'addresses and networks separated by commas, for example 10.0.0.0/8') ?? [],
    labels: (name) => convert(name, parseLabels, 'labels separated by commas, for example gpu,zone=eu') ?? [],
    finish() {
      if (missing.length > 0) {
        throw new FaultError({
          code: 'settings-missing',
          message: `the environment lacks ${missing.join(', ')}`,
          fix: 'start the process with "buildit server"; it gives it what it needs',
          retry: NO_RETRY,
        });
      }
      if (wrong.length === 0) return;
      throw new FaultError({
        code: 'setting-invalid',
        message: wrong.map(({ message }) => message).join('; '),
        fix: wrong.map(({ fix }) => fix).join('; '),
        retry: NO_RETRY,
      });
    },
  };
}

function parseWhole(written: string, least: number): number | null {
  const value = Number(written);
  return /^\d+$/.test(written) && Number.isSafeInteger(value) && value >= least ? value : null;
}

function parseWebAddress(written: string): string | null {
  const url = URL.parse(written);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash;
  return isPlain && !url.username ? url.origin : null;
}

/** @returns null for what is no `HOST:PORT`; port 0 is any free one */
export function parseListen(written: string): { host: string; port: number } | null {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(written) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535) return null;
  return bracketed !== undefined && isIP(bracketed) !== 6 ? null : { host, port };
}

function parseNetworks(written: string): string[] | null {
  const parts = written.split(',').map((part) => part.trim());
  return parts.every(isNetwork) ? parts : null;
}

/** As `runs-on` may ask for them (config/pipeline/names.ts). */
function parseLabels(written: string): string[] | null {
  const parts = written.split(',').map((part) => part.trim());
  return parts.every((part) => /^[a-z0-9][a-z0-9._/=-]{0,62}$/.test(part)) ? parts : null;
}

function isNetwork(part: string): boolean {
  const [address = '', bits, ...rest] = part.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

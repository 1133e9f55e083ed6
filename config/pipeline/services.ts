import { READY_KINDS, type ReadyCheck, type ServicePlan } from '#core/service.ts';
import type { Text } from '#core/text.ts';
import { readOwnEnvironment } from './environment.ts';
import { readImage } from './image.ts';
import { interpolate, readString } from './interpolate.ts';
import { checkName } from './names.ts';
import { readSecrets } from './secrets.ts';
import type { WordNode } from './shape.ts';
import type { Place } from './source.ts';
import {
  findWord,
  listWord,
  readDuration,
  readInteger,
  readList,
  readPattern,
  readText,
  type Reading,
} from './values.ts';

const DEFAULT_READY_MS = 60_000;
const PORTS = { min: 1, max: 65_535 };

/** The services of a stage, in the order of the file. */
export function readServices(reading: Reading, stage: WordNode): ServicePlan[] {
  const { problems, scope } = reading;
  const names = new Map<string, Place>();
  return listWord(stage, 'service').flatMap((node) => {
    const [value] = node.args;
    const name = value ? readString(problems, scope, value) : null;
    if (!value || name === null || !checkName(problems, 'service', 'a service', name, value.place)) return [];
    const first = names.get(name);
    if (first) {
      problems.report('KDL011', value.place, `the service "${name}" is declared twice in this stage`, {
        related: [{ place: first, message: 'first declared here' }],
      });
    }
    if (name === 'localhost') {
      problems.report('KDL015', value.place, 'localhost is the stage itself', {
        hint: 'give the service a name of its own; the stage reaches it under that name',
      });
    }
    names.set(name, value.place);
    const image = readImage(reading, node);
    if (!node.words.has('image')) {
      problems.report('KDL016', value.place, `the service "${name}" has no image`, {
        hint: 'add: image="postgres:17"',
      });
    }
    const env = readOwnEnvironment(problems, scope, node);
    const secrets = readSecrets(reading, node, env);
    const command = readCommand(reading, node);
    const ready = readReady(reading, node);
    return image === null ? [] : [{ name, image, env: Object.fromEntries(env), secrets, command, ready }];
  });
}

function readCommand({ problems, scope }: Reading, node: WordNode): Text[] | null {
  const found = findWord(node, 'command');
  if (!found) return null;
  const [only] = found.args;
  if (only && found.args.length === 1) checkOneWord({ problems, scope }, 'command', only.value, only.place);
  return found.args.flatMap((value) => interpolate(problems, scope, value, { secrets: false }) ?? []);
}

function readReady(reading: Reading, service: WordNode): ReadyCheck {
  const node = findWord(service, 'ready');
  const timeoutMs = (node && readDuration(reading, node, 'timeout')) ?? DEFAULT_READY_MS;
  if (!node) return { timeoutMs, kind: 'image' };
  const said = READY_KINDS.flatMap((kind) => findWord(node, kind) ?? []);
  const [first, second] = said;
  if (first && second) {
    reading.problems.report('KDL017', second.namePlace, `"${first.name}" and "${second.name}" cannot stand together`, {
      related: [{ place: first.namePlace, message: 'the other check is here' }],
      hint: 'keep the one that says that the service can be used',
    });
  }
  const path = findWord(node, 'path');
  if (path && first?.name !== 'http') {
    reading.problems.report('KDL017', path.namePlace, '"path" belongs to an http check', {
      hint: 'write: ready http=8080 path="/health"',
    });
  }
  if (node.words.has('tcp')) return { timeoutMs, kind: 'tcp', port: readInteger(reading, node, 'tcp', PORTS) ?? 0 };
  if (node.words.has('http')) {
    const port = readInteger(reading, node, 'http', PORTS) ?? 0;
    return { timeoutMs, kind: 'http', port, path: readPath(reading, node) };
  }
  if (node.words.has('exec')) {
    const command = readList(reading, node, 'exec');
    const [only] = command;
    if (only && command.length === 1) checkOneWord(reading, 'exec', only.text, only.value.place);
    return { timeoutMs, kind: 'exec', command: command.map(({ text }) => text) };
  }
  if (node.words.has('log')) return { timeoutMs, kind: 'log', pattern: readPattern(reading, node, 'log') ?? '' };
  return { timeoutMs, kind: 'image' };
}

function readPath(reading: Reading, node: WordNode): string {
  const value = findWord(node, 'path')?.args[0];
  const path = readText(reading, node, 'path');
  if (path === null || !value) return '/';
  if (/^\/[\x21-\x7e]*$/.test(path)) return path;
  reading.problems.report('KDL014', value.place, `${JSON.stringify(path)} is no path of a URL`, {
    hint: 'begin it with / and write what is not ASCII as %…: path="/health"',
  });
  return '/';
}

/** A command is its words; one string with a space in it is nearly always meant as a line of a shell. */
function checkOneWord({ problems }: Reading, word: string, text: unknown, place: Place): void {
  if (typeof text !== 'string' || !/\s/.test(text.trim())) return;
  problems.report('KDL014', place, `${JSON.stringify(text)} is no program`, {
    hint: `write each argument for itself: ${word} ${text
      .trim()
      .split(/\s+/)
      .map((one) => JSON.stringify(one))
      .join(' ')}`,
  });
}

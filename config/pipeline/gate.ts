import type { ApproveRule, GateField, GateRules } from '#core/gate.ts';
import { readCron, readTimezone } from './cron.ts';
import { readString } from './interpolate.ts';
import { checkName } from './names.ts';
import type { WordNode } from './shape.ts';
import {
  findWord,
  listWord,
  matchesPattern,
  readChoice,
  readDuration,
  readFlag,
  readInteger,
  readList,
  readPattern,
  readText,
  type Reading,
} from './values.ts';

const FIELD_TYPES = ['string', 'number', 'boolean', 'enum'] as const;

/** The gate that `manual #true` stands for: every member who may run the pipeline can pass it. */
export const MANUAL_GATE: GateRules = {
  approve: [],
  noSelf: false,
  fields: [],
  expiresMs: null,
  onExpire: 'reject',
  remindMs: null,
  window: null,
  manual: true,
};

/** The rules of a gate (LANGUAGE §7), as a node of the graph or inside a stage. */
export function readGate(reading: Reading, node: WordNode): GateRules {
  const expires = findWord(node, 'expires');
  return {
    approve: listWord(node, 'approve').flatMap((rule) => readApprove(reading, rule)),
    noSelf: readFlag(node, 'no-self'),
    fields: readFields(reading, node),
    expiresMs: readDuration(reading, node, 'expires'),
    onExpire: (expires && readChoice(reading, expires, 'on-expire', ['reject', 'approve'])) ?? 'reject',
    remindMs: readDuration(reading, node, 'remind'),
    window: readWindow(reading, node),
    manual: false,
  };
}

function readApprove(reading: Reading, node: WordNode): ApproveRule[] {
  const value = findWord(node, 'from')?.args[0];
  const from = readText(reading, node, 'from');
  const min = readInteger(reading, node, 'min', { min: 1, max: 100 }) ?? 1;
  if (!value) {
    reading.problems.report('KDL016', node.namePlace, 'this approve does not say from whom', {
      hint: 'add: from="user:NAME" or from="team:NAME"',
    });
  }
  if (from === null || !value) return [];
  if (!/^(user|team):[^\s:]+$/.test(from)) {
    reading.problems.report('KDL014', value.place, `"${from}" is neither a user nor a team`, {
      hint: 'write "user:NAME" or "team:NAME"',
    });
  } else if (from.startsWith('user:') && min > 1) {
    reading.problems.report('KDL014', value.place, `${from} is one person and cannot approve ${min} times`, {
      hint: 'one person counts once: name a team, or several users',
    });
  }
  return [{ from, min }];
}

function readFields(reading: Reading, node: WordNode): GateField[] {
  const { problems, scope } = reading;
  const fields: GateField[] = [];
  for (const one of listWord(node, 'field')) {
    const [value] = one.args;
    const name = value ? readString(problems, scope, value) : null;
    if (!value || name === null || !checkName(problems, 'identifier', 'a field', name, value.place)) {
      continue;
    }
    if (fields.some((field) => field.name === name)) {
      problems.report('KDL011', value.place, `the field "${name}" is declared twice`);
    }
    const type = readChoice(reading, one, 'type', FIELD_TYPES) ?? 'string';
    const match = readPattern(reading, one, 'match');
    const values = readList(reading, one, 'values').map((item) => item.text);
    const fallback = readText(reading, one, 'default');
    if ((type === 'enum') !== values.length > 0) {
      const message = type === 'enum' ? `the enum "${name}" has no values` : `"values" belongs to a field of type enum`;
      problems.report('KDL017', findWord(one, 'values')?.namePlace ?? value.place, message);
    }
    if (type !== 'string' && match !== null) {
      problems.report('KDL017', one.place, '"match" belongs to a field of type string');
    }
    const isWrong =
      fallback !== null &&
      ((type === 'enum' && !values.includes(fallback)) ||
        (type === 'boolean' && !['true', 'false'].includes(fallback)) ||
        (type === 'number' && (fallback.trim() === '' || !Number.isFinite(Number(fallback)))) ||
        (type === 'string' && match !== null && !matchesPattern(match, fallback)));
    if (isWrong) {
      problems.report(
        'KDL014',
        findWord(one, 'default')?.place ?? value.place,
        `the default of "${name}" is no value of it`,
      );
    }
    fields.push({
      name,
      type,
      match,
      values,
      required: readFlag(one, 'required'),
      default: fallback,
      description: readText(reading, one, 'description'),
    });
  }
  return fields;
}

function readWindow(reading: Reading, node: WordNode): GateRules['window'] {
  const window = findWord(node, 'window');
  if (!window) return null;
  const cron = readCron(reading, window);
  const timezone = readTimezone(reading, window);
  if (!findWord(window, 'cron')) {
    reading.problems.report('KDL016', window.namePlace, 'this window does not say when', {
      hint: 'add: cron="* 9-17 * * 1-5"',
    });
  }
  return cron === null || timezone === null ? null : { cron, timezone };
}

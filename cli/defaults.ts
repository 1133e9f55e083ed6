import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from './exit.ts';
import { CommandError } from './fault/command-error.ts';
import { findNearest } from './grammar/nearest.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the file of defaults may set; a flag and a variable go before it. */
export interface Defaults {
  format?: string;
  ui?: string;
  color?: string;
}

const NAMES = ['format', 'ui', 'color'] as const;
/** `name "value"`, with an optional `;` and a comment. */
const SETTING = /^([a-z-]+)\s+"([^"\\]*)"\s*;?\s*(?:\/\/.*)?$/;

/** Reads `~/.buildit/config`, which `BUILDIT_CONFIG` moves. Absent is empty; a line nobody knows is exit 2. */
export function readDefaults(environment: Environment): Defaults {
  const moved = environment['BUILDIT_CONFIG'];
  const path = moved || join(environment['HOME'] || homedir(), '.buildit', 'config');
  if (!existsSync(path)) {
    if (moved) throw refuse(`BUILDIT_CONFIG names ${path}, which does not exist`, 'unset it, or correct the path');
    return {};
  }
  const defaults: Defaults = {};
  for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    const written = line.trim();
    if (written === '' || written.startsWith('//')) continue;
    const [, name = '', value = ''] = SETTING.exec(written) ?? [];
    const known = NAMES.find((other) => other === name);
    const place = `${path}:${index + 1}`;
    if (!known) {
      const near = findNearest(name, NAMES);
      throw refuse(
        `${place}: "${written}" is no setting`,
        near === null ? `one of ${NAMES.join(', ')}, like format "json"` : `did you mean ${near}?`,
      );
    }
    if (known in defaults) throw refuse(`${place}: ${known} is set twice`, 'leave one of them out');
    defaults[known] = value;
  }
  return defaults;
}

/** The environment with the defaults below it, so that everything that reads variables has both. */
export function withDefaults(environment: Environment, { format, ui }: Defaults): Environment {
  return {
    ...environment,
    ...(format === undefined || environment['BUILDIT_FORMAT'] ? {} : { BUILDIT_FORMAT: format }),
    ...(ui === undefined || environment['BUILDIT_UI'] ? {} : { BUILDIT_UI: ui }),
  };
}

function refuse(message: string, fix: string): CommandError {
  return new CommandError(EXIT.usage, { code: 'usage', message, fix });
}

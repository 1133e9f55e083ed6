import { applySystemFile } from '#config/system/file/apply.ts';
import { findSystemFile } from '#config/system/file/find.ts';
import { readSystemFile, type SystemFile } from '#config/system/file/read.ts';
import type { AnyCall } from '../call.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { sayDiagnostics } from '../terminal/say-diagnostics.ts';

/** The system file that counts, read; null when there is none. */
export function loadSystemFile(
  { environment, folder }: Pick<AnyCall, 'environment' | 'folder'>,
  named: string | null,
): (SystemFile & { text: string }) | null {
  const found = findSystemFile({ named, environment, folder });
  return found && { ...readSystemFile(found.path, found.text), text: found.text };
}

/** The environment with what the system file says. Exit 2 when it has errors, which are then printed. */
export async function withSystemFile(call: AnyCall, named: string | null): Promise<AnyCall['environment']> {
  const file = loadSystemFile(call, named);
  if (file === null) return call.environment;
  await sayDiagnostics(call.screen, file.diagnostics, { path: file.file, shown: file.file, text: file.text });
  if (file.diagnostics.some(({ severity }) => severity === 'error')) {
    throw new CommandError(EXIT.usage, {
      code: 'setting-invalid',
      message: `${file.file} has errors`,
      fix: 'correct them: buildit config validate',
    });
  }
  return applySystemFile(call.environment, file);
}

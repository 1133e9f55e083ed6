import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { PipelineFile } from '../file/locate.ts';

/**
 * The text as the person leaves it in VISUAL, EDITOR or vi. The file stays in the temporary folder, so that nothing
 * that was written is lost when the server refuses it.
 */
export async function editText(
  name: string,
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<PipelineFile> {
  const path = join(mkdtempSync(join(tmpdir(), 'buildit-edit-')), `${name.replaceAll(/[^\w.-]/g, '_')}.kdl`);
  writeFileSync(path, text, { mode: 0o600 });
  const editor = environment['VISUAL'] || environment['EDITOR'] || 'vi';
  // An editor may be a command with flags (`code --wait`), so the shell reads it; the path comes as a word of its own.
  const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code === 0) return { shown: path, path, text: readFileSync(path, 'utf8') };
  throw new CommandError(EXIT.usage, {
    code: 'editor-failed',
    message: `the editor ${editor} ended with ${code ?? 'a signal'}; nothing was changed`,
    fix: `set EDITOR; what was written is in ${path}`,
  });
}

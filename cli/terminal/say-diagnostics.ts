import type { Diagnostic } from '#core/diagnostic.ts';
import type { PipelineFile } from '../file/locate.ts';
import { paintAs } from './diagnostic-paint.ts';
import type { Screen } from './screen.ts';

/** Problems of a file on stderr, as `validate` shows them. The renderer is loaded only when there are any. */
export async function sayDiagnostics(
  screen: Screen,
  diagnostics: readonly Diagnostic[],
  file: PipelineFile,
  imported: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (diagnostics.length === 0) return;
  const { renderDiagnostics } = await import('#config/pipeline/render.ts');
  const hasError = diagnostics.some(({ severity }) => severity === 'error');
  const names = new Set(diagnostics.map((diagnostic) => diagnostic.file));
  const texts = Object.fromEntries([file.shown, ...names].map((name) => [name, imported[name] ?? file.text]));
  (hasError ? screen.cry : screen.say)(renderDiagnostics([...diagnostics], { texts, color: paintAs(screen.paint) }));
}

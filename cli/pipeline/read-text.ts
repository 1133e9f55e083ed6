import { compile } from '#config/pipeline/compile.ts';
import type { AnyCall } from '../call.ts';
import type { PipelineFile } from '../file/locate.ts';
import { sayDiagnostics } from '../terminal/say-diagnostics.ts';

/** Whether the text compiles; its problems are printed either way. The server looks once more. */
export async function isSound({ screen }: Pick<AnyCall, 'screen'>, file: PipelineFile): Promise<boolean> {
  const { diagnostics } = compile({
    ...{ file: file.shown, text: file.text, facts: null, params: {}, executor: null, stages: [] },
  });
  await sayDiagnostics(screen, diagnostics, file);
  return diagnostics.every(({ severity }) => severity !== 'error');
}

import { dirname, resolve } from 'node:path';
import { compile } from '#config/pipeline/compile.ts';
import { renderGithub, renderJson, renderSarif } from '#config/pipeline/render-machine.ts';
import { renderDiagnostics, summarizeDiagnostics } from '#config/pipeline/render.ts';
import type { Diagnostic } from '#core/diagnostic.ts';
import type { Call, Handler } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { awaitChange } from '../file/await-change.ts';
import { readImportsOf } from '../file/imports.ts';
import { locateFiles, type PipelineFile, readPipelineFile, refuseNone } from '../file/locate.ts';
import type { Commands } from '../grammar/commands.ts';
import { listenForInterrupts } from '../run/interrupts.ts';
import { paintAs } from '../terminal/diagnostic-paint.ts';

/** `buildit validate [FILE…]`: every problem of every file; exit 2 when one is an error. */
export const handle: Handler<Commands['validate']> = async (call) => {
  const { options, words, folder } = call;
  if (!options.watch) return validateOnce(call);
  const leaving = new AbortController();
  const interrupts = listenForInterrupts(() => leaving.abort(), true);
  const shown = words.length > 0 ? words.map((name) => dirname(resolve(folder, name))) : [folder];
  for (;;) {
    // Before the files are read, so that nothing changes unseen in between.
    const changes = new AbortController();
    const signal = AbortSignal.any([leaving.signal, changes.signal]);
    const changing = Promise.race([...new Set(shown)].map((one) => awaitChange(one, signal)));
    const code = validateOnce(call);
    await changing;
    changes.abort();
    if (leaving.signal.aborted) {
      interrupts.close();
      return code;
    }
  }
};

function validateOnce(call: Call<Commands['validate']>): ExitCode {
  const { screen, words, folder } = call;
  const startedAt = performance.now();
  const files = words.length > 0 ? words.map((name) => readPipelineFile(name, folder)) : locateFiles(folder);
  if (files.length === 0) throw refuseNone(folder);
  const checked = files.map((file) => checkFile(file, folder));
  const diagnostics = checked.flatMap((file) => file.diagnostics);
  const texts = Object.fromEntries([
    ...checked.flatMap((file) => Object.entries(file.texts)),
    ...files.map((file) => [file.shown, file.text]),
  ]);
  const isGithub = call.environment['GITHUB_ACTIONS'] === 'true';
  switch (call.format) {
    case 'json':
      screen.out(renderJson(diagnostics));
      break;
    case 'github':
      screen.out(renderGithub(diagnostics));
      break;
    case 'sarif':
      screen.out(renderSarif(diagnostics));
      break;
    default:
      screen.out(renderDiagnostics(diagnostics, { texts, color: paintAs(screen.paintOut) }));
      if (isGithub && diagnostics.length > 0) screen.say(renderGithub(diagnostics));
      screen.out(`${summarize(diagnostics, checked, performance.now() - startedAt, screen.marks.dot)}\n`);
  }
  return diagnostics.some(({ severity }) => severity === 'error') ? EXIT.usage : EXIT.done;
}

function checkFile(file: PipelineFile, folder: string): ReturnType<typeof compile> {
  return compile({
    file: file.shown,
    text: file.text,
    facts: null,
    params: {},
    executor: null,
    stages: [],
    imports: readImportsOf(file, folder),
  });
}

/** `1 error, 0 warnings · 1 file, 4 stages · 31 ms` */
function summarize(
  diagnostics: readonly Diagnostic[],
  files: readonly { stageCount: number }[],
  ms: number,
  dot: string,
): string {
  const count = (amount: number, noun: string) => `${amount} ${noun}${amount === 1 ? '' : 's'}`;
  const stages = files.reduce((sum, { stageCount }) => sum + stageCount, 0);
  const size = `${count(files.length, 'file')}, ${count(stages, 'stage')}`;
  return [summarizeDiagnostics(diagnostics), size, `${Math.round(ms)} ms`].join(` ${dot} `);
}

import { formatDuration } from '#core/duration.ts';
import { lookOf } from '../terminal/glyph.ts';
import { oneLine } from '../terminal/sanitize.ts';
import type { Screen } from '../terminal/screen.ts';
import { openLineWriter } from './line-writer.ts';
import { type Printer, renderAnnotation, renderClosing, renderGap, renderLine } from './printer.ts';
import type { View } from './view.ts';
import { measureRan } from './words.ts';

/** After so long without a word the open stages are named (UI §8, Mode). */
const SILENCE_MS = 60_000;

export interface PlainOptions {
  screen: Screen;
  view: () => View;
  /** Under GitHub Actions failures are annotated. */
  isGithub: boolean;
  silenceMs?: number;
}

/** Lines only: output with the stage's name on stdout, state changes on stderr, no cursor codes, no prompt. */
export function openPlainPrinter({ screen, view, isGithub, silenceMs = SILENCE_MS }: PlainOptions): Printer {
  let timer = setTimeout(tellSilence, silenceMs);
  const lines = openLineWriter(screen.out);
  const say = (text: string) => {
    timer.refresh();
    lines.flush();
    if (text !== '') screen.say(text);
  };

  function tellSilence(): void {
    const now = Date.now();
    const running = [...view().nodes.values()].flatMap((node) => {
      if (node.object?.status.kind !== 'running') return [];
      return [`${node.name} (${formatDuration(measureRan(node.object, now) ?? 0)})`];
    });
    if (running.length > 0) screen.say(`still running: ${running.join(', ')}\n`);
    timer = setTimeout(tellSilence, silenceMs);
  }

  return {
    show(effect) {
      switch (effect.kind) {
        case 'line':
          timer.refresh();
          lines.add(renderLine(screen, effect.node, effect.text, false));
          break;
        case 'gap':
          say(renderGap(effect));
          break;
        case 'started': {
          const glyph = screen.isUnicode ? (effect.attempt > 1 ? '↻' : '◐') : effect.attempt > 1 ? 'retry' : 'run';
          say(
            `${screen.paint('blue', glyph)} ${effect.node.name}  ${effect.attempt > 1 ? `attempt ${effect.attempt}` : 'running'}\n`,
          );
          break;
        }
        case 'finished':
          say(renderClosing(effect.node, screen));
          if (isGithub) say(renderAnnotation(effect.node) ?? '');
          break;
        case 'queued': {
          const { name, object } = effect.node ?? { name: view().run.label, object: view().run };
          const glyph = object === null ? '' : screen.glyphOf(lookOf(object.status));
          say(`${screen.paint('dim', glyph)} ${name}  ${oneLine(effect.reason)}\n`);
          break;
        }
        case 'gate':
        case 'follow':
        case 'changed':
          break;
        default:
          effect satisfies never;
      }
    },
    object: () => {},
    say,
    notice: (text) => {
      if (text !== null) say(`${text}\n`);
    },
    pause: () => {},
    resume: () => {},
    toggleAll: () => {},
    close() {
      lines.flush();
      clearTimeout(timer);
    },
  };
}

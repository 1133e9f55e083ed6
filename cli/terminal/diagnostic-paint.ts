import type { FrameStyle } from '#config/pipeline/render.ts';
import type { Paint, Style } from './color.ts';

/** Hues of the parts of a code frame. */
const STYLES: Readonly<Record<FrameStyle, Style>> = {
  error: 'red',
  warning: 'yellow',
  info: 'blue',
  code: 'bold',
  place: 'cyan',
  gutter: 'dim',
  caret: 'red',
  second: 'blue',
  hint: 'green',
};

/** The theme of the diagnostic renderer in this command's colours. */
export function paintAs(paint: Paint): (part: FrameStyle, text: string) => string {
  return (part, text) => paint(STYLES[part], text);
}

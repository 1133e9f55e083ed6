import type { Paint, Style } from './color.ts';

/** Hues of the parts of a code frame. */
const STYLES: Readonly<Record<string, Style>> = {
  error: 'red',
  warning: 'yellow',
  info: 'blue',
  hint: 'green',
  gutter: 'dim',
  label: 'cyan',
};

/** The theme of the diagnostic renderer in this command's colours. A part without a hue stays plain. */
export function paintAs(paint: Paint): (part: string, text: string) => string {
  return (part, text) => {
    const style = STYLES[part];
    return style === undefined ? text : paint(style, text);
  };
}

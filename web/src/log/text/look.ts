import { GROUNDS, makeReadable, pickInk, type Rgb } from './readable-color.ts';
import { type Color, PLAIN, type TextStyle } from './style.ts';

/** How a style is drawn: values for CSS, both themes in one. Null is what the row has anyway. */
export interface Look {
  color: string | null;
  background: string | null;
  /** Classes of log.css. */
  classes: string;
}

const looks = new Map<TextStyle, Look>([[PLAIN, { color: null, background: null, classes: '' }]]);
const byText = new Map<string, Look>();
/** A log may have a colour for every character. */
const MAX_LOOKS = 4_096;

/** The same style looks the same: most lines have few. */
export function lookOf(style: TextStyle): Look {
  const known = looks.get(style);
  if (known) return known;
  const text = JSON.stringify(style);
  const look = byText.get(text) ?? makeLook(style);
  if (byText.size < MAX_LOOKS) byText.set(text, look);
  return look;
}

function makeLook(style: TextStyle): Look {
  const [foreground, background] = style.inverse
    ? [style.background, style.foreground]
    : [style.foreground, style.background];
  const classes = [
    ...(style.bold ? ['log-bold'] : []),
    ...(style.italic ? ['log-italic'] : []),
    ...(style.underline ? ['log-underline'] : []),
    ...(style.strike ? ['log-strike'] : []),
  ].join(' ');
  if (background) return { ...onGround(foreground, background), classes };
  if (style.inverse) return { color: 'var(--bg-base)', background: 'var(--text-1)', classes };
  if (foreground) return { color: onRow(foreground), background: null, classes };
  return { color: style.dim ? 'var(--text-2)' : null, background: null, classes };
}

function onRow(color: Color): string {
  if (color.kind === 'palette') return `var(--log-${color.index})`;
  const rgb = toRgb(color);
  return `light-dark(${print(makeReadable(rgb, GROUNDS.light))}, ${print(makeReadable(rgb, GROUNDS.dark))})`;
}

/** The theme's 16 read on its ground, so its ground reads on them, whatever text was asked for. */
function onGround(foreground: Color | null, ground: Color): Pick<Look, 'color' | 'background'> {
  if (ground.kind === 'palette') return { color: 'var(--bg-base)', background: `var(--log-${ground.index})` };
  const rgb = toRgb(ground);
  const ink = pickInk(rgb);
  const color = foreground?.kind === 'rgb' ? moveTowards(toRgb(foreground), ink, rgb) : ink;
  return { color: print(color), background: print(rgb) };
}

function moveTowards(color: Rgb, ink: Rgb, ground: Rgb): Rgb {
  const moved = makeReadable(color, [ground]);
  return makeReadable(moved, [ground]) === moved ? moved : ink;
}

function toRgb(color: Extract<Color, { kind: 'rgb' }>): Rgb {
  return [color.red, color.green, color.blue];
}

function print([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

/** A colour as the output asked for it: one of the 16 of the theme, or a fixed one. */
export type Color = { kind: 'palette'; index: number } | { kind: 'rgb'; red: number; green: number; blue: number };

/** How a piece of a line is to look (SGR of ECMA-48). */
export interface TextStyle {
  foreground: Color | null;
  background: Color | null;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  strike: boolean;
  inverse: boolean;
}

export const PLAIN: TextStyle = {
  ...{ foreground: null, background: null, bold: false, dim: false },
  ...{ italic: false, underline: false, strike: false, inverse: false },
};

/** The style after `CSI parameters m`. What is unknown changes nothing. */
export function applySgr(style: TextStyle, parameters: string): TextStyle {
  const codes = parameters === '' ? [0] : parameters.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)));
  let next = style;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const { color, length } = readExtended(codes, at + 1);
      if (color) next = code === 38 ? { ...next, foreground: color } : { ...next, background: color };
      at += length;
    } else next = applyCode(next, code);
  }
  return next;
}

function applyCode(style: TextStyle, code: number): TextStyle {
  const change = CHANGES[code];
  if (change) return { ...style, ...change };
  if (code >= 30 && code <= 37) return { ...style, foreground: palette(code - 30) };
  if (code >= 40 && code <= 47) return { ...style, background: palette(code - 40) };
  if (code >= 90 && code <= 97) return { ...style, foreground: palette(code - 82) };
  if (code >= 100 && code <= 107) return { ...style, background: palette(code - 92) };
  return style;
}

const CHANGES: Record<number, Partial<TextStyle>> = {
  0: PLAIN,
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { foreground: null },
  49: { background: null },
};

/** `5;N` or `2;R;G;B`; `length` is how many codes belong to it. A colour that is cut off is none. */
function readExtended(codes: readonly number[], at: number): { color: Color | null; length: number } {
  const channel = (index: number) => Math.min(Math.max(codes[index] ?? 0, 0), 255);
  const form = codes[at];
  if (form === 5) return { color: at + 1 < codes.length ? indexed(channel(at + 1)) : null, length: 2 };
  if (form !== 2) return { color: null, length: codes.length };
  const [red, green, blue] = [channel(at + 1), channel(at + 2), channel(at + 3)];
  return { color: at + 3 < codes.length ? { kind: 'rgb', red, green, blue } : null, length: 4 };
}

function palette(index: number): Color {
  return { kind: 'palette', index };
}

/** The 256 colours of xterm: 16 of the theme, a cube of 6×6×6, and 24 greys. */
function indexed(index: number): Color {
  if (index < 16) return palette(index);
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return { kind: 'rgb', red: grey, green: grey, blue: grey };
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return {
    ...{ kind: 'rgb', red: level(Math.floor(cube / 36)) },
    ...{ green: level(Math.floor(cube / 6) % 6), blue: level(cube % 6) },
  };
}

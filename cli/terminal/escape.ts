/** ESC and CSI (ECMA-48) and what the live region sends with them. */
export const ESC = String.fromCharCode(27);
export const CSI = `${ESC}[`;

export const CURSOR = {
  hide: `${CSI}?25l`,
  show: `${CSI}?25h`,
  clearLine: `${CSI}2K`,
  clearDown: `${CSI}J`,
  up: (lines: number) => (lines > 0 ? `${CSI}${lines}A` : ''),
} as const;

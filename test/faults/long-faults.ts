/** With `BUILDIT_LONG_FAULTS=1` faults last as long, and are as many, as people who operate the product fear. */
const isLong = process.env['BUILDIT_LONG_FAULTS'] === '1';

/** What a test of a fault goes by: the short of each change, or the long. */
export function chooseFault<Size>(short: Size, long: Size): Size {
  return isLong ? long : short;
}

/** Tax on an amount in cents, rounded to whole cents. */
export const taxOf = (cents, percent) => Math.round((cents * percent) / 100);

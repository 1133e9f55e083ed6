/** Sum of a cart, in cents. */
export const sumOf = (items) => items.reduce((sum, { cents, count }) => sum + cents * count, 0);

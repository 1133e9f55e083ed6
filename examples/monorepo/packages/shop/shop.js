import { sumOf } from '../cart/cart.js';
import { taxOf } from '../tax/tax.js';

/** What a customer pays, in cents. */
export const priceOf = (items) => sumOf(items) + taxOf(sumOf(items), 19);

/** Taxes in words: `10 % VAT`, `5 % GST and 9.975 % QST`. */
import type { Tax } from './tariff.js';

export function taxWords(taxes: readonly Tax[]): string {
  return taxes.map(({ name, percent }) => `${percent.toFixed()} % ${name}`).join(' and ');
}

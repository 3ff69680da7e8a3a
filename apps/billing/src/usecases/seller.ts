import type { Party } from '../domain/invoice.js';

/** Injection token: who sells, as it stands on invoices. */
export const SELLER = Symbol('SELLER');

export interface Seller {
  readonly party: Party;
  /** Series of the invoice numbers. */
  readonly series: string;
  /** Series of the credit notes' numbers: another one, so that each runs without gaps. */
  readonly creditSeries: string;
  /** Calendar of the invoice years. */
  readonly timeZone: string;
}

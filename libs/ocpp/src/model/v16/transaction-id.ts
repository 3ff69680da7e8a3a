// A 1.6 transaction id is a positive integer that we gave out; elsewhere it travels as a text reference.

import { invalid } from '@kilowatch/kernel';

const LARGEST = 2 ** 31 - 1;

/** Throws INVALID `OCPP_TRANSACTION_REF` for a reference that no 1.6 charger can have been given. */
export function transactionId(ref: string | null): number {
  const id = Number(ref);
  if (!Number.isInteger(id) || id <= 0 || id > LARGEST) {
    throw invalid('OCPP_TRANSACTION_REF', 'An OCPP 1.6 transaction has a positive whole number.');
  }
  return id;
}

// lint-as: apps/billing/src/persistence/violation.ts
// expect: no-restricted-imports
// message: persistence does not import
export { PriceSession } from '../usecases/price-session.js';

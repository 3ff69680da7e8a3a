// lint-as: apps/billing/src/domain/violation.ts
// expect: no-restricted-imports
// message: domain does not import
export { InvoiceRepository } from '../persistence/invoice.repository.js';

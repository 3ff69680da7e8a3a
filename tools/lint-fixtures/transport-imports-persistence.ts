// lint-as: apps/billing/src/transport/graphql/violation.ts
// expect: no-restricted-imports
// message: transport does not import
export { InvoiceRepository } from '../../persistence/invoice.repository.js';

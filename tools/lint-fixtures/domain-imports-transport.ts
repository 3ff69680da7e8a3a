// lint-as: apps/billing/src/domain/violation.ts
// expect: no-restricted-imports
// message: domain does not import
export { InvoiceResolver } from '../transport/graphql/invoice.resolver.js';

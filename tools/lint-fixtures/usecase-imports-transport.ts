// lint-as: apps/billing/src/usecases/violation.ts
// expect: no-restricted-imports
// message: usecases does not import
export { InvoiceResolver } from '../transport/graphql/invoice.resolver.js';

// lint-as: apps/billing/src/domain/violation.ts
// expect: no-restricted-imports
// message: only the pure libraries
export { Database } from '@kilowatch/platform';

// lint-as: apps/billing/src/violation.ts
// expect: no-restricted-imports
// message: type app imports only
export { harness } from '@kilowatch/testing';

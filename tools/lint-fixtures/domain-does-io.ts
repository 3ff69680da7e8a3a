// lint-as: apps/billing/src/domain/violation.ts
// expect: no-restricted-imports
// message: no I/O
export { request } from 'node:https';

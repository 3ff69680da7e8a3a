// lint-as: apps/billing/src/domain/violation.ts
// expect: no-restricted-imports
// message: randomness is an argument
export { randomUUID } from 'node:crypto';

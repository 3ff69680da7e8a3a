// lint-as: apps/billing/src/violation.ts
// expect: no-restricted-imports
// message: Environment variables
export { env } from 'node:process';

// lint-as: apps/billing/src/domain/violation.ts
// expect: no-restricted-imports
// message: no framework
export { Entity } from 'typeorm';

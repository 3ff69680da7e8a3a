// lint-as: apps/portal/src/violation.ts
// expect: no-restricted-imports
// message: type web imports only
export { AppError } from '@kilowatch/kernel';

// lint-as: apps/billing/src/domain/violation.ts
// expect: no-restricted-syntax
// message: time is an argument
export const value = Date.now();

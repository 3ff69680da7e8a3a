// lint-as: apps/billing/src/domain/violation.spec.ts
// expect: no-restricted-syntax
// message: time is an argument
export const value = new Date();

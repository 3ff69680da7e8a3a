// lint-as: apps/billing/src/domain/violation.ts
// expect: no-restricted-syntax
// message: Randomness is an argument
export const value = Math.random();

// lint-as: libs/kernel/src/violation.ts
// expect: no-restricted-syntax
// message: time is an argument
export const value = Date.now();

// lint-as: apps/billing/src/violation.ts
// expect: no-restricted-syntax
// message: Environment variables
export const value = process.env['KW_ENV'];

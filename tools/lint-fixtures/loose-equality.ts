// lint-as: apps/billing/src/violation.ts
// expect: eqeqeq
// message: Expected '==='
export const same = (a: string, b: string) => a == b;

// lint-as: libs/pricing/src/violation.ts
// expect: no-restricted-syntax
// message: The time is an argument
export const now = (): number => Date.now();

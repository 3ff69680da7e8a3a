// lint-as: apps/billing/src/violation.ts
// expect: import-x/no-default-export
// message: Prefer named exports
export default 1;

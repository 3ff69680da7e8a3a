// lint-as: apps/billing/src/domain/violation.ts
// expect: no-restricted-globals
// message: Domain code is pure
export const value = fetch('https://example.org');

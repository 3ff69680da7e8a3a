// lint-as: libs/kernel/src/violation.ts
// expect: no-restricted-imports
// message: no I/O
export { readFileSync } from 'node:fs';

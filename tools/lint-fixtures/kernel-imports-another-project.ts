// lint-as: libs/kernel/src/violation.ts
// expect: no-restricted-imports
// message: type kernel imports only
export { events } from '@kilowatch/contracts';

// lint-as: libs/trust/src/violation.ts
// expect: no-restricted-imports
// message: type trust imports only: kernel
export { runService } from '@kilowatch/platform';

// lint-as: libs/pricing/src/violation.ts
// expect: no-restricted-imports
// message: type pricing imports only: kernel
export { startService } from '@kilowatch/platform';

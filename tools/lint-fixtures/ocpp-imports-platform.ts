// lint-as: libs/ocpp/src/violation.ts
// expect: no-restricted-imports
// message: type ocpp imports only: kernel
export { runService } from '@kilowatch/platform';

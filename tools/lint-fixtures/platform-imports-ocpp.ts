// lint-as: libs/platform/src/violation.ts
// expect: no-restricted-imports
// message: type platform imports only
export { frame } from '@kilowatch/ocpp';

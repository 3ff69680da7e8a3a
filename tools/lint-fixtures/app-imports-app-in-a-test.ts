// lint-as: apps/billing/test/violation.itest.ts
// expect: no-restricted-imports
// message: type app imports only
export { session } from '@kilowatch/sessions';

// lint-as: tools/src/violation.ts
// expect: no-restricted-imports
// message: type tool imports only
export { price } from '@kilowatch/billing';

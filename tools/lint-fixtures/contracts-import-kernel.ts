// lint-as: libs/contracts/src/violation.ts
// expect: no-restricted-imports
// message: type contracts imports only
export { AppError } from '@kilowatch/kernel';

// lint-as: libs/platform/src/grpc/violation.ts
// expect: no-restricted-syntax
// message: Environment variables
export const value = process.env['KW_ENV'];

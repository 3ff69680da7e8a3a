// lint-as: apps/billing/src/violation.ts
// expect: no-console
// message: console
console.log('a log line without fields');

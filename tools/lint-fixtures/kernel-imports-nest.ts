// lint-as: libs/kernel/src/violation.ts
// expect: no-restricted-imports
// message: no framework
export { Injectable } from '@nestjs/common';

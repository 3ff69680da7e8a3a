// lint-as: libs/kernel/src/violation.spec.ts
// expect: no-restricted-syntax
// message: focused test
import { describe } from 'vitest';
describe.only.each([1])('hides the others', () => undefined);

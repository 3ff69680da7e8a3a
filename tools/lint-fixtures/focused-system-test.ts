// lint-as: e2e/violation.e2e.ts
// expect: no-restricted-syntax
// message: focused test
import { test } from 'vitest';
test.only('hides the others', () => undefined);

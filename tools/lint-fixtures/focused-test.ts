// lint-as: apps/billing/src/domain/violation.spec.ts
// expect: no-restricted-syntax
// message: focused test
import { it } from 'vitest';
it.only('hides the others', () => undefined);

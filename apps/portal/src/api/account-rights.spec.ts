import { describe, expect, it } from 'vitest';
import { mayAct, viewOf } from './account-rights.js';

describe('the portal of a role', () => {
  it.each([
    ['DRIVER', 'driver', true],
    ['OPERATOR', 'operator', true],
    ['ADMIN', 'operator', true],
    ['SUPPORT', 'operator', false],
    ['PARTNER', 'partner', false],
  ] as const)('%s: %s, offered changes: %s', (role, view, acts) => {
    expect([viewOf(role), mayAct(role)]).toEqual([view, acts]);
  });
});

import { describe, expect, it } from 'vitest';
import { tenantId } from './tenant.js';

describe('tenantId', () => {
  it.each(['demo', 'a', 'fast-charge-24', 'x'.repeat(40)])('accepts %s', (slug) => {
    expect(tenantId(slug)).toBe(slug);
  });

  it.each(['', 'Demo', 'a.b', 'a b', '*', '>', '-a', 'a-', 'x'.repeat(41), "a'b", 'a\n'])(
    'refuses "%s"',
    (text) => {
      expect(() => tenantId(text)).toThrow(
        expect.objectContaining({ kind: 'INVALID', code: 'TENANT_INVALID' }),
      );
    },
  );
});

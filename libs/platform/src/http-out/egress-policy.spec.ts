import { describe, expect, it } from 'vitest';
import { EgressPolicy } from './egress-policy.js';

describe('EgressPolicy', () => {
  it('allows only https to public addresses when nothing is configured', () => {
    const policy = EgressPolicy.parse(undefined);
    expect(policy.allows('https:', 'example.com', 443, '8.8.8.8')).toBe(true);
    expect(policy.allows('http:', 'example.com', 80, '8.8.8.8')).toBe(false);
    expect(policy.allows('https:', 'example.com', 443, '10.0.0.1')).toBe(false);
  });

  it('opens http and private addresses for a named network only', () => {
    const policy = EgressPolicy.parse('127.0.0.0/8, fd00::/8');
    expect(policy.allows('http:', 'localhost', 80, '127.0.0.1')).toBe(true);
    expect(policy.allows('http:', 'localhost', 80, '::ffff:127.0.0.1')).toBe(true);
    expect(policy.allows('http:', 'inside', 80, 'fd00::7')).toBe(true);
    expect(policy.allows('http:', 'inside', 80, '10.0.0.1')).toBe(false);
  });

  it('opens a named host, and with a port that port only', () => {
    const policy = EgressPolicy.parse('partner.internal:8443,[::1]:4100');
    expect(policy.allows('http:', 'partner.internal', 8443, '10.0.0.1')).toBe(true);
    expect(policy.allows('http:', 'partner.internal', 80, '10.0.0.1')).toBe(false);
    expect(policy.allows('http:', '[::1]', 4100, '::1')).toBe(true);
    expect(policy.allows('http:', 'other.internal', 8443, '10.0.0.1')).toBe(false);
  });

  it.each(['10.0.0/8', 'a b', 'http://x', '127.0.0.1/x', '127.0.0.1/99'])(
    'refuses to start with the entry "%s"',
    (entry) => {
      expect(() => EgressPolicy.parse(entry)).toThrow();
    },
  );
});

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

  it('opens http to a named host at public addresses only, and with a port on that port', () => {
    const policy = EgressPolicy.parse('ocsp.example.com,crl.example.com:8080');
    expect(policy.allows('http:', 'ocsp.example.com', 80, '8.8.8.8')).toBe(true);
    expect(policy.allows('http:', 'crl.example.com', 8080, '8.8.8.8')).toBe(true);
    expect(policy.allows('http:', 'crl.example.com', 80, '8.8.8.8')).toBe(false);
    expect(policy.allows('http:', 'other.example.com', 80, '8.8.8.8')).toBe(false);
    expect(policy.allows('ftp:', 'ocsp.example.com', 80, '8.8.8.8')).toBe(false);
    for (const inside of [
      '10.0.0.1',
      '127.0.0.1',
      '169.254.169.254',
      '::1',
      'fd00::7',
      '::ffff:10.0.0.1',
      'nonsense',
    ])
      for (const protocol of ['http:', 'https:'])
        expect(policy.allows(protocol, 'ocsp.example.com', 80, inside), inside).toBe(false);
  });

  it('opens private addresses to a host that is said to be private, to an address, and loopback to localhost', () => {
    const policy = EgressPolicy.parse(
      'private:partner.internal:8443, PRIVATE:intra,[::1]:4100,127.0.0.1,localhost:25',
    );
    expect(policy.allows('http:', 'partner.internal', 8443, '10.0.0.1')).toBe(true);
    expect(policy.allows('http:', 'partner.internal', 80, '10.0.0.1')).toBe(false);
    expect(policy.allows('https:', 'intra', 443, '192.168.1.1')).toBe(true);
    expect(policy.allows('http:', '[::1]', 4100, '::1')).toBe(true);
    expect(policy.allows('http:', '127.0.0.1', 9000, '127.0.0.1')).toBe(true);
    expect(policy.allows('http:', 'localhost', 25, '127.0.0.1')).toBe(true);
    expect(policy.allows('http:', 'localhost', 25, '::1')).toBe(true);
    expect(policy.allows('http:', 'localhost', 25, '10.0.0.1')).toBe(false);
    expect(policy.allows('http:', 'other.internal', 8443, '10.0.0.1')).toBe(false);
  });

  it('takes the wider of two entries for one host', () => {
    for (const text of ['intra,private:intra:80', 'private:intra:80,intra'])
      expect(EgressPolicy.parse(text).allows('http:', 'intra', 80, '10.0.0.1')).toBe(true);
  });

  it.each(['10.0.0/8', 'a b', 'http://x', '127.0.0.1/x', '127.0.0.1/99', 'private:', 'private:http://x'])(
    'refuses to start with the entry "%s"',
    (entry) => {
      expect(() => EgressPolicy.parse(entry)).toThrow();
    },
  );
});

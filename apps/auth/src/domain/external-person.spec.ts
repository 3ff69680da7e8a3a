import { describe, expect, it } from 'vitest';
import { externalProfile, sameProfile, type ExternalPerson } from './external-person.js';

const person = (over: Partial<ExternalPerson> = {}): ExternalPerson => ({
  issuer: 'https://login.example',
  subject: 'auth0|anna',
  email: 'anna@example.org',
  name: 'Anna',
  role: 'driver',
  ...over,
});

describe('the profile of somebody another provider vouches for', () => {
  it('is what the provider says', () => {
    expect(externalProfile(person())).toEqual({
      email: 'anna@example.org',
      displayName: 'Anna',
      role: 'driver',
    });
  });

  it.each([
    ['the address', { name: undefined }, 'anna@example.org'],
    ['the subject', { name: undefined, email: undefined }, 'auth0|anna'],
    ['the beginning of a long name', { name: 'x'.repeat(101) }, 'x'.repeat(100)],
  ])('shows %s for a name', (_what, over, name) => {
    expect(externalProfile(person(over)).displayName).toBe(name);
  });

  it('has no address when the provider tells something else', () => {
    expect(externalProfile(person({ email: 'anna' })).email).toBe('');
  });

  it('keeps what a later token leaves out, and follows what it says', () => {
    const held = externalProfile(person());
    const later = externalProfile(person({ email: undefined, name: undefined, role: 'operator' }), held);
    expect(later).toEqual({ ...held, role: 'operator' });
    expect(externalProfile(person({ name: 'Anna B.' }), held).displayName).toBe('Anna B.');
  });

  it('is the same when nothing changed', () => {
    const held = externalProfile(person());
    expect(sameProfile(held, externalProfile(person(), held))).toBe(true);
    for (const over of [{ name: 'B' }, { email: 'b@example.org' }, { role: 'admin' } as const])
      expect(sameProfile(held, externalProfile(person(over), held))).toBe(false);
  });
});

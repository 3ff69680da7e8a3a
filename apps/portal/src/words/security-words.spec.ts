import { expect, it } from 'vitest';
import { endedText, recoveryCodesText, signInMethodText } from './security-words.js';

it('counts the sign-ins that were ended, and says when that is seen there', () => {
  expect(endedText(0)).toBe('No other sign-in was open.');
  expect(endedText(1)).toMatch(/^One sign-in is ended\. .*quarter of an hour/);
  expect(endedText(3)).toMatch(/^3 sign-ins are ended\./);
});

it('asks for new recovery codes before and when they have run out', () => {
  expect(recoveryCodesText(10)).toMatchObject({ tone: 'info' });
  expect(recoveryCodesText(3)).toMatchObject({ tone: 'warn' });
  expect(recoveryCodesText(1).text).toMatch(/^One recovery code is left\. Make new ones/);
  expect(recoveryCodesText(0)).toMatchObject({ tone: 'bad' });
});

it('has words for each way to sign in, and for those to come', () => {
  const methods = ['PASSWORD', 'PASSWORD_AND_CODE', 'PASSKEY', 'PROVIDER'] as const;
  expect(new Set(methods.map(signInMethodText)).size).toBe(4);
  expect(signInMethodText('TELEPATHY' as never)).toBe('signed in');
});

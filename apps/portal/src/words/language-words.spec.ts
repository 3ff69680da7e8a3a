import { expect, it } from 'vitest';
import { ownLanguage } from './language-words.js';

it('takes the first language of the reader that papers are written in, else English', () => {
  expect(ownLanguage(['fr-BE', 'nl-BE', 'en'])).toBe('nl');
  expect(ownLanguage(['DE-at'])).toBe('de');
  expect(ownLanguage(['fr', 'constructor'])).toBe('en');
  expect(ownLanguage([])).toBe('en');
});

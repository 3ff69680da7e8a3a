import { expect, it } from 'vitest';
import { shownWhereText, unknownCardName } from './unknown-card-words.js';

it('names a card by its kind and its last characters; OCPP 1.6 tells no kind', () => {
  expect(unknownCardName({ type: 'Unknown', masked: '****AA01' })).toBe('Card ****AA01');
  expect(unknownCardName({ type: 'eMAID', masked: '****AA01' })).toBe('Contract of the car ****AA01');
});

it('says where it was shown, the latest station first, without those that are gone', () => {
  const at = (...names: (string | null)[]) =>
    shownWhereText({ stations: names.map((name, i) => (name === null ? null : { id: String(i), name })) });
  expect(at('Square 1')).toBe('At Square 1');
  expect(at('Square 1', null, 'Harbour 2')).toBe('At Square 1, before at Harbour 2');
  expect(at(null)).toBe('At a station that is gone');
});

import { expect, it } from 'vitest';
import { remoteAddress } from './remote-address.js';

it.each([
  ['no proxy: the header is not believed', '10.0.0.1', '1.2.3.4', 0, '10.0.0.1'],
  ['one proxy: its own entry', '10.0.0.1', '6.6.6.6, 1.2.3.4', 1, '1.2.3.4'],
  ['two proxies', '10.0.0.1', '6.6.6.6, 1.2.3.4, 10.0.0.9', 2, '1.2.3.4'],
  ['a list that is too short', '10.0.0.1', '1.2.3.4', 2, '10.0.0.1'],
  ['no header', '::ffff:10.0.0.1', undefined, 1, '10.0.0.1'],
])('%s', (_, socket, header, hops, expected) => {
  expect(remoteAddress(socket, header, hops)).toBe(expected);
});

import { expect, it } from 'vitest';
import { cameOverTls } from './came-over-tls.js';

it.each([
  ['no proxy: the header is not believed', 'https', 0, false],
  ['one proxy that took TLS off', 'https', 1, true],
  ['one proxy that was spoken to in plain', 'http', 1, false],
  ['no header', undefined, 1, false],
  ['a client that claims it before a proxy that appends', 'https, http', 1, false],
  ['two proxies, the outer one took TLS off', 'https, http', 2, true],
  ['two proxies, the inner one keeps what the outer one wrote', 'https', 2, true],
  ['any case', ' HTTPS', 1, true],
])('%s', (_, header, hops, expected) => {
  expect(cameOverTls(header, hops)).toBe(expected);
});

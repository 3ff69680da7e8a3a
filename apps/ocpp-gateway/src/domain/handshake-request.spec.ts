import { expect, it } from 'vitest';
import { handshakeFault } from './handshake-request.js';

const good = {
  upgrade: 'WebSocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

it.each([
  ['a proper handshake', 'GET', good, undefined],
  ['another method', 'POST', good, 405],
  ['another upgrade', 'GET', { ...good, upgrade: 'h2c' }, 426],
  ['an old version', 'GET', { ...good, 'sec-websocket-version': '8' }, 426],
  ['a broken key', 'GET', { ...good, 'sec-websocket-key': 'x' }, 400],
])('judges %s', (_, method, headers, fault) => {
  expect(handshakeFault(method, headers)).toBe(fault);
});

import { describe, expect, it } from 'vitest';
import { isForeignBrowser } from './browser-origin.js';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130';

describe('isForeignBrowser', () => {
  it.each([
    ['a page of another host', { origin: 'https://evil.example', 'user-agent': CHROME }, true],
    [
      'a page known by Sec-Fetch only',
      { origin: 'http://evil.example', 'sec-fetch-mode': 'websocket' },
      true,
    ],
    ['a sandboxed page', { origin: 'null', 'user-agent': CHROME }, true],
    ['a page of our own host', { origin: 'https://csms.example:8443', 'user-agent': CHROME }, false],
    [
      'libocpp, which sends an Origin',
      { origin: 'http://csms.internal', 'user-agent': 'WebSocket++/0.8.2' },
      false,
    ],
    ['a charger without any of it', {}, false],
    ['a charger with an odd Origin', { origin: 'localhost' }, false],
  ])('%s', (_, headers, refused) => {
    expect(isForeignBrowser(headers, 'CSMS.example')).toBe(refused);
  });

  it('refuses every page when no public host is configured', () => {
    expect(isForeignBrowser({ origin: 'http://localhost', 'user-agent': CHROME }, '')).toBe(true);
  });
});

import { expect, it } from 'vitest';
import { shownUrl } from './shown-url.js';

it.each([
  ['/ocpp/CP-1', '/ocpp/CP-1'],
  ['/ocpp/CP-1?password=hush', '/ocpp/CP-1?password=[redacted]'],
  ['/ocpp?id=CP-1&token=a=b;c&x', '/ocpp?id=[redacted]&token=[redacted];c&x'],
  ['//CP-1:hush@host/ocpp/CP-1', '//[redacted]@host/ocpp/CP-1'],
  ['', ''],
])('%s is shown as %s', (url, shown) => {
  expect(shownUrl(url)).toBe(shown);
});

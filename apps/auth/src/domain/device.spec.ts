import { describe, expect, it } from 'vitest';
import { deviceName } from './device.js';

const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)';

describe('deviceName', () => {
  it.each([
    ['Firefox on Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0'],
    ['Chrome on macOS', `${MAC} Chrome/142.0.0.0 Safari/537.36`],
    ['Edge on macOS', `${MAC} Chrome/142.0.0.0 Safari/537.36 Edg/142.0`],
    ['Safari on iOS', 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Safari/604.1'],
    ['kw', 'kw/1.0'],
    ['', undefined],
    ['', '<script>'],
  ])('"%s"', (name, agent) => {
    expect(deviceName(agent)).toBe(name);
  });
});

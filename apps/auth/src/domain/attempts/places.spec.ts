import { describe, expect, it } from 'vitest';
import { distanceKm, isPlaced } from './distance.js';
import { isPrivate, networkOf } from './network.js';

describe('the distance of two sites', () => {
  it.each([
    ['Amsterdam and Utrecht', [52.3791, 4.9003], [52.0894, 5.1101], 35.2],
    ['across the date line', [0, 179.5], [0, -179.5], 111.2],
    ['from pole to pole', [90, 0], [-90, 0], 20_015],
    ['nowhere', [10, 10], [10, 10], 0],
  ] as const)('is right %s', (_what, a, b, km) => {
    const found = distanceKm({ latitude: a[0], longitude: a[1] }, { latitude: b[0], longitude: b[1] });
    expect(Math.abs(found - km)).toBeLessThan(Math.max(0.1, km * 0.005));
  });

  it('needs coordinates: 0, 0 is what a site without them says', () => {
    expect([
      isPlaced({}),
      isPlaced({ latitude: 0, longitude: 0 }),
      isPlaced({ latitude: 51.5, longitude: 0 }),
    ]).toEqual([false, false, true]);
  });
});

describe('the network of an address', () => {
  it.each([
    ['203.0.113.5', '203.0.0.0/16'],
    ['2001:db8:1:2::9', '2001:db8::/32'],
    ['2001:0DB8::', '2001:db8::/32'],
    ['::1', '0:0::/32'],
  ])('%s is in %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it('is nobody’s when the address is private', () => {
    for (const address of [
      '10.1.2.3',
      '172.16.0.1',
      '172.31.9.9',
      '192.168.1.1',
      '127.0.0.1',
      '100.64.0.1',
      '::1',
      'fd00::1',
      'fe80::1',
    ])
      expect(isPrivate(address)).toBe(true);
    for (const address of ['172.32.0.1', '100.128.0.1', '203.0.113.5', '2001:db8::1', '11.0.0.1'])
      expect(isPrivate(address)).toBe(false);
  });
});

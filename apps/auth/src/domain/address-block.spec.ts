import { describe, expect, it } from 'vitest';
import { addressBlock } from './address-block.js';

describe('addressBlock', () => {
  it.each([
    ['an IPv4 address stands for itself', '198.51.100.7', '198.51.100.7'],
    ['an IPv6 address for its /64', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['however it is written', '2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['zeros left out count', '2001:db8::1', '2001:db8:0:0::/64'],
    ['a zone is none of it', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['the loopback address too', '::1', '0:0:0:0::/64'],
    ['no address stands for itself', '', ''],
  ])('%s', (_, address, block) => {
    expect(addressBlock(address)).toBe(block);
  });

  it('tells networks apart', () => {
    expect(addressBlock('2001:db8:1:2::1')).not.toBe(addressBlock('2001:db8:1:3::1'));
  });
});

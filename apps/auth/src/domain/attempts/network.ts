/**
 * Which networks count as one when a station comes back from another address. There is no table of autonomous systems here: an IPv4 /16 and
 * an IPv6 /32 are what providers are given at least, so another one of these is another provider, or another part of a big one.
 */
export function networkOf(address: string): string {
  if (address.includes(':')) {
    const [high = '', low = ''] = expanded(address);
    return `${high}:${low}::/32`;
  }
  const [a = '', b = ''] = address.split('.');
  return `${a}.${b}.0.0/16`;
}

/** Behind a VPN or a proxy of our own an address says nothing about a provider. */
export function isPrivate(address: string): boolean {
  return /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1$|f[cd]|fe80)/i.test(
    address,
  );
}

function expanded(address: string): string[] {
  const [head = ''] = address.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  return [groups[0] ?? '0', groups[1] ?? '0'].map((group) => group.replace(/^0+(?=.)/, ''));
}

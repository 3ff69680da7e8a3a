/**
 * Whose address counts for limits. X-Forwarded-For is a list to which each proxy appends who called it; only entries our own
 * proxies wrote may be believed, so with n trusted proxies it is the n-th from the right. Anything further left is the
 * client's own claim.
 */
export function remoteAddress(socketAddress: string, forwardedFor: string | undefined, hops: number): string {
  const plain = unmapped(socketAddress);
  if (hops === 0 || forwardedFor === undefined) return plain;
  const list = forwardedFor.split(',').map((part) => part.trim());
  return unmapped(list[list.length - hops] || plain).slice(0, 64);
}

/** `::ffff:10.0.0.1` is 10.0.0.1. */
function unmapped(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}

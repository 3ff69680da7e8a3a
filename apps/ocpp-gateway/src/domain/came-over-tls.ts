/**
 * Whether the charger spoke TLS to the outermost of our own proxies. X-Forwarded-Proto is believed like X-Forwarded-For: only what
 * our proxies wrote. One that overwrites the header leaves a single entry, one that appends leaves the client's claim further left.
 */
export function cameOverTls(forwardedProto: string | undefined, hops: number): boolean {
  if (hops === 0 || forwardedProto === undefined) return false;
  const list = forwardedProto.split(',').map((part) => part.trim().toLowerCase());
  return list[Math.max(0, list.length - hops)] === 'https';
}

/** A command's id is a UUIDv7: its first 48 bits are the time it was asked for (RFC 9562, 5.7), by our own clocks. */
export function commandAgeMs(commandId: string, now: Date): number {
  const created = Number.parseInt(commandId.replaceAll('-', '').slice(0, 12), 16);
  return Number.isNaN(created) ? Number.POSITIVE_INFINITY : now.getTime() - created;
}

/**
 * Which clock to believe. Sessions are ordered by device time (docs/ocpp-notes.md rule 6, Q31), but chargers also send
 * 1970, local time as Z and times in the future (Q18): those are replaced by the time we received the message.
 */
import { AHEAD_TOLERANCE_MS, EARLIEST_PLAUSIBLE } from '@kilowatch/kernel';

/** The time a message counts as having happened. */
export function effectiveTime(deviceTime: Date | undefined, receivedAt: Date): Date {
  if (!deviceTime) return receivedAt;
  const at = deviceTime.getTime();
  if (Number.isNaN(at) || at < EARLIEST_PLAUSIBLE) return receivedAt;
  return at > receivedAt.getTime() + AHEAD_TOLERANCE_MS ? receivedAt : deviceTime;
}

/** A station that is online tells of a start within seconds. */
const LATE_MS = 60_000;

/**
 * When it happened by our clock, at the latest when we heard of it. `offsetSeconds`: by how much the charger's clock is known to be
 * ahead of ours. A time that no clock can mean says nothing.
 */
export function byOurClock(deviceTime: Date | undefined, receivedAt: Date, offsetSeconds = 0): Date {
  if (!deviceTime || !(deviceTime.getTime() >= EARLIEST_PLAUSIBLE)) return receivedAt;
  return new Date(Math.min(deviceTime.getTime() - offsetSeconds * 1000, receivedAt.getTime()));
}

/** Was it told long after it happened? */
export function isLate(deviceTime: Date | undefined, receivedAt: Date, offsetSeconds = 0): boolean {
  return receivedAt.getTime() - byOurClock(deviceTime, receivedAt, offsetSeconds).getTime() > LATE_MS;
}

/** Charger's clock minus ours, whole seconds, as far as one message tells. */
export function clockOffsetSeconds(deviceTime: Date | undefined, receivedAt: Date): number {
  if (!deviceTime || Number.isNaN(deviceTime.getTime())) return 0;
  return Math.round((deviceTime.getTime() - receivedAt.getTime()) / 1000);
}

/**
 * May this message change what the connector shows now? Not when it was queued offline, nor when something newer by
 * the device's own clock was shown already.
 */
export function isLive(message: { at: Date; offline: boolean }, shownSince: Date | undefined): boolean {
  return !message.offline && (!shownSince || message.at.getTime() >= shownSince.getTime());
}

export function later(a: Date, b: Date): Date {
  return a.getTime() >= b.getTime() ? a : b;
}

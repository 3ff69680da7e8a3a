import type { Call } from './dialect.js';
import type { OcppSocket, Payload } from './ocpp-socket.js';

const DEFAULT_INTERVAL_S = 300;
const UNANSWERED_WAIT_S = 1;

/**
 * Sends BootNotification until it is accepted or the socket closes; returns the heartbeat interval in ms.
 * Pending and Rejected mean: ask again after the interval, and send nothing else (1.6 section 4.2, 2.0.1 B02, B03).
 */
export async function bootUntilAccepted(socket: OcppSocket, boot: Call): Promise<number> {
  while (socket.isOpen) {
    const answer: Payload = await socket.call(boot.action, () => boot.payload).catch(() => ({}));
    // An interval of 0 leaves the choice to the charger.
    const intervalS = Number(answer.interval) > 0 ? Number(answer.interval) : DEFAULT_INTERVAL_S;
    if (answer.status === 'Accepted') return intervalS * 1_000;
    const waitMs = (answer.status ? intervalS : UNANSWERED_WAIT_S) * 1_000;
    await Promise.race([socket.closed, new Promise((resolve) => setTimeout(resolve, waitMs).unref())]);
  }
  return DEFAULT_INTERVAL_S * 1_000;
}

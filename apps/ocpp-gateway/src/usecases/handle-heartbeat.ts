import type { HeartbeatMessage } from '@kilowatch/ocpp';
import type { Handler } from './station-call.js';

/** Answered here: that the charger lives is known from any of its frames, and stored in batches. */
export const handleHeartbeat: Handler<HeartbeatMessage> = async (ports) => ({
  type: 'heartbeat',
  currentTime: ports.clock.now(),
});

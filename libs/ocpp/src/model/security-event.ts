// SecurityEventNotification has one shape in all versions (1.6 security white paper section 4.7, 2.0.1 use case A04).

import { text, type JsonObject } from '../json.js';
import { readTime } from '../wire-time.js';
import type { SecurityEventMessage } from './charger-message.js';

export function securityEvent(payload: JsonObject, receivedAt: Date): SecurityEventMessage {
  return {
    type: 'securityEvent',
    kind: text(payload, 'type') ?? '',
    occurredAt: readTime(payload['timestamp']) ?? receivedAt,
    techInfo: text(payload, 'techInfo'),
  };
}

import { auth } from '@kilowatch/contracts';
import type { AuthorizeMessage } from '@kilowatch/ocpp';
import { meantToken } from './stand-in-tags.js';
import { idTokenToWire, tokenStatus } from './token-status.js';
import { callOptions, type Handler } from './station-call.js';

/** One decision function for all versions and tokens; it lives in auth. */
export const handleAuthorize: Handler<AuthorizeMessage> = async (ports, call, message) => {
  const decision = await ports.auth.decide(
    {
      stationId: call.station.stationId,
      evseNumber: 0,
      idToken: idTokenToWire(meantToken(call.station, message.idToken, call.receivedAt)),
      purpose: auth.DecisionPurpose.DECISION_PURPOSE_AUTHORIZE,
      occurredAt: call.receivedAt,
      offline: false,
      decisionKey: '',
      ocppMessageId: call.id.slice(0, 64),
      openSessionIds: [],
    },
    callOptions(call),
  );
  return {
    type: 'authorize',
    token: {
      status: tokenStatus(decision.status),
      groupId: decision.groupId || null,
      cacheExpiry: decision.cacheExpiry ?? null,
    },
  };
};

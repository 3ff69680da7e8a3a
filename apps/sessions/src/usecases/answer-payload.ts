import { isJsonObject, type JsonObject } from '@kilowatch/ocpp';

/** What a charger answered; empty when it said nothing, or more than the gateway passes on. */
export function answerPayload(payloadJson: string): JsonObject {
  if (payloadJson === '') return {};
  const payload: unknown = JSON.parse(payloadJson);
  return isJsonObject(payload) ? payload : {};
}

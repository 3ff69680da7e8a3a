// @kilowatch/ocpp: framing, schemas and the version-neutral model of OCPP 1.6, 2.0.1 and 2.1. Pure: no sockets, clock
// or randomness.

export * from './deviation.js';
export * from './identity.js';
export {
  child,
  children,
  int32,
  integer,
  isJsonObject,
  numberText,
  text,
  type JsonObject,
  type JsonValue,
} from './json.js';
export { maskedPayload, maskedText, REDACTED } from './masking/masked-payload.js';
export { withoutNamedValues } from './masking/named-values.js';
export * from './model/certificate-messages.js';
export * from './model/charger-answer.js';
export * from './model/charger-message.js';
export * from './model/contract-messages.js';
export * from './model/command-outcome.js';
export * from './model/command.js';
export * from './model/energy-messages.js';
export * from './model/mapping.js';
export * from './model/neutral-answers.js';
export * from './model/reading.js';
export * from './model/v16/old-plug-and-charge.js';
export * from './model/v16/plug-and-charge.js';
export { streamDataOf, type StreamData } from './model/v201/event-streams.js';
export { scheduleLimitsOf, scheduleUpdate } from './model/v201/schedule-update.js';
export * from './rpc/call-queue.js';
export * from './rpc/error-codes.js';
export * from './rpc/frame.js';
export * from './rpc/json-repair.js';
export * from './rpc/parse-frame.js';
export * from './schemas/actions.js';
export * from './schemas/ocpp-schemas.js';
export * from './schemas/typed-ocpp-schemas.js';
export * from './settings/reported-settings.js';
export * from './settings/setting-commands.js';
export * from './settings/setting-name.js';
export * from './settings/setting-value.js';
export * from './settings/standard-settings.js';
export * from './stations/find-station-model.js';
export * from './stations/id-tag.js';
export * from './stations/profile-shape.js';
export * from './stations/setup-fields.js';
export * from './stations/station-model.js';
export * from './stations/unsafe-command.js';
export * from './subprotocol.js';
export * from './version.js';
export * from './wire-time.js';

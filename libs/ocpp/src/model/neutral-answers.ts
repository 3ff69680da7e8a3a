// The answer to a station-initiated action that nobody handled: schema-correct and promising nothing. Where accepting
// would promise work that is not done (signing, schedules), it declines.

import type { JsonObject } from '../json.js';
import { errorCode, type RpcFault } from '../rpc/error-codes.js';
import { CSMS_ACTIONS, STATION_ACTIONS } from '../schemas/actions.js';
import type { OcppVersion } from '../version.js';
import { wireTime } from '../wire-time.js';

export type NeutralAnswer =
  | { kind: 'result'; payload: JsonObject }
  | { kind: 'error'; fault: RpcFault; code: string; description: string };

/** Actions whose response has required content. All other station-initiated actions are answered `{}`. */
const CONTENT: Readonly<
  Record<string, (now: Date, request: JsonObject, version: OcppVersion) => JsonObject>
> = {
  BootNotification: (now) => ({ status: 'Rejected', currentTime: wireTime(now), interval: 300 }),
  Heartbeat: (now) => ({ currentTime: wireTime(now) }),
  DataTransfer: () => ({ status: 'UnknownVendorId' }),
  SignCertificate: () => ({ status: 'Rejected' }),
  Get15118EVCertificate: () => ({ status: 'Failed', exiResponse: '' }),
  GetCertificateStatus: () => ({ status: 'Failed' }),
  // K15: 2.1 has a word for "charge as you like, no schedule comes"; in 2.0.1 that is a refusal.
  NotifyEVChargingNeeds: (_now, _request, version) => ({
    status: version === '2.1' ? 'NoChargingProfile' : 'Rejected',
  }),
  NotifyEVChargingSchedule: () => ({ status: 'Accepted' }),
  OpenPeriodicEventStream: () => ({ status: 'Rejected' }),
  PullDynamicScheduleUpdate: () => ({ status: 'Rejected' }),
  VatNumberValidation: (_now, request) => ({
    status: 'Rejected',
    vatNumber: typeof request['vatNumber'] === 'string' ? request['vatNumber'].slice(0, 20) : '',
  }),
};

/** A guess at these would be a decision about a driver or a certificate; the last (2.1) is a SEND, never a CALL. */
const NEEDS_HANDLER: ReadonlySet<string> = new Set([
  'Authorize',
  'StartTransaction',
  'GetCertificateChainStatus',
  'NotifyPeriodicEventStream',
]);

export function neutralAnswer(
  version: OcppVersion,
  action: string,
  now: Date,
  request: JsonObject = {},
): NeutralAnswer {
  const name = action.slice(0, 50);
  if (STATION_ACTIONS[version].has(action)) {
    if (NEEDS_HANDLER.has(action)) return refusal(version, 'notSupported', `${name} is not supported`);
    const content = Object.hasOwn(CONTENT, action) ? CONTENT[action] : undefined;
    return { kind: 'result', payload: content?.(now, request, version) ?? {} };
  }
  if (CSMS_ACTIONS[version].has(action)) {
    return refusal(version, 'notSupported', `${name} is not an action of a charging station`);
  }
  return refusal(version, 'notImplemented', `${name} is not known`);
}

function refusal(version: OcppVersion, fault: RpcFault, description: string): NeutralAnswer {
  return { kind: 'error', fault, code: errorCode(version, fault), description };
}

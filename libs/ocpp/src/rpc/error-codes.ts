// CALLERROR codes. OCPP-J 1.6 section 4.2.3 and OCPP 2.0.1 part 4 section 4.3 name the same faults differently
// ("Occurence" with one r is the spelling of the 1.6 text, and what 1.6 chargers look for).

import { isVersion2, type OcppVersion } from '../version.js';

export type RpcFault =
  | 'formation'
  | 'rpcFramework'
  | 'messageType'
  | 'occurrence'
  | 'property'
  | 'type'
  | 'notImplemented'
  | 'notSupported'
  | 'protocol'
  | 'security'
  | 'internal'
  | 'generic';

const CODES_16: Readonly<Record<RpcFault, string>> = {
  formation: 'FormationViolation',
  rpcFramework: 'FormationViolation',
  messageType: 'ProtocolError',
  occurrence: 'OccurenceConstraintViolation',
  property: 'PropertyConstraintViolation',
  type: 'TypeConstraintViolation',
  notImplemented: 'NotImplemented',
  notSupported: 'NotSupported',
  protocol: 'ProtocolError',
  security: 'SecurityError',
  internal: 'InternalError',
  generic: 'GenericError',
};

const CODES_2: Readonly<Record<RpcFault, string>> = {
  ...CODES_16,
  formation: 'FormatViolation',
  rpcFramework: 'RpcFrameworkError',
  messageType: 'MessageTypeNotSupported',
  occurrence: 'OccurrenceConstraintViolation',
};

export function errorCode(version: OcppVersion, fault: RpcFault): string {
  return isVersion2(version) ? CODES_2[fault] : CODES_16[fault];
}

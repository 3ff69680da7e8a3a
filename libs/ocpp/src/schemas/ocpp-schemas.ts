// The port through which payloads are checked: strict for what we send, tolerant for what chargers send.

import type { Deviation } from '../deviation.js';
import type { JsonObject } from '../json.js';
import type { RpcFault } from '../rpc/error-codes.js';
import type { OcppVersion } from '../version.js';

export type PayloadPart = 'request' | 'response';

export interface SchemaProblem {
  fault: RpcFault;
  /** JSON pointer to the offending value. */
  path: string;
  text: string;
}

export type InboundCheck =
  | { ok: true; payload: JsonObject; deviations: Deviation[] }
  | { ok: false; problem: SchemaProblem; deviations: Deviation[] };

export type OutboundCheck = { ok: true } | { ok: false; problem: SchemaProblem };

export interface OcppSchemas {
  knows(version: OcppVersion, action: string): boolean;
  /**
   * Checks what a charger sent. Repairs `payload` in place where the meaning is certain (a number written as text),
   * accepts what can be kept raw, and records both as deviations.
   */
  validateInbound(version: OcppVersion, action: string, part: PayloadPart, payload: JsonObject): InboundCheck;
  /** Checks our own CALL or CALLRESULT by the letter of the schema. */
  validateOutbound(
    version: OcppVersion,
    action: string,
    part: PayloadPart,
    payload: JsonObject,
  ): OutboundCheck;
}

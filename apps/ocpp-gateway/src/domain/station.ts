/** A station on one connection. The version belongs to the connection, never to the station (chargers flip it). */
import type { TenantId } from '@kilowatch/kernel';
import type { OcppVersion } from '@kilowatch/ocpp';
import type { Ownership } from './ownership.js';

export interface Station extends Ownership {
  readonly tenant: TenantId;
  readonly stationId: string;
  /** As provisioned. */
  readonly identity: string;
  readonly version: OcppVersion;
  /** Subprotocol name, e.g. `ocpp1.6`. */
  readonly protocol: string;
  readonly remoteIp: string;
  readonly securityProfile: number;
  /** Which of its credentials it came with, in auth's words. */
  readonly credentialId: string;
  /** Let in to be given other credentials: its boot is answered Pending. */
  readonly provisional: boolean;
  /** What an operator set: whether it is sent WebSocket pings (Q21). Undefined: as its model says. */
  readonly pinged: boolean | undefined;
}

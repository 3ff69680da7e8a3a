// The OCPP versions this library speaks. The version is a property of one connection, never of a station:
// chargers flip it between reconnects.

export const OCPP_VERSIONS = ['1.6', '2.0.1', '2.1'] as const;
export type OcppVersion = (typeof OCPP_VERSIONS)[number];

/** Value of Sec-WebSocket-Protocol for each version (IANA subprotocol registry). */
export const SUBPROTOCOLS: Readonly<Record<OcppVersion, string>> = {
  '1.6': 'ocpp1.6',
  '2.0.1': 'ocpp2.0.1',
  '2.1': 'ocpp2.1',
};

/** The version that was agreed on by this word; undefined for none, and for one that is not ours. */
export function versionOfSubprotocol(subprotocol: string | undefined): OcppVersion | undefined {
  return OCPP_VERSIONS.find((version) => SUBPROTOCOLS[version] === subprotocol);
}

export function isVersion2(version: OcppVersion): boolean {
  return version !== '1.6';
}

// Choice of the version from Sec-WebSocket-Protocol (RFC 6455 section 4.2.2, OCPP-J section 3.1.2). Chargers send lists
// in any order, with or without spaces; the station's preference decides, and the chosen word is echoed as offered.

import { DeviationList, type Deviation } from './deviation.js';
import { SUBPROTOCOLS, type OcppVersion } from './version.js';

export interface SubprotocolPreference {
  /** Versions this station may use, best first. */
  versions: readonly OcppVersion[];
  /** Version to speak with a charger that names none; refused unless the station was opted in. */
  whenMissing?: OcppVersion | null;
}

export type SubprotocolChoice =
  | {
      ok: true;
      version: OcppVersion;
      /** To echo; null when the charger offered none. */ subprotocol: string | null;
      deviations: Deviation[];
    }
  | { ok: false; reason: 'missing' | 'unsupported'; offered: string[] };

export const DEFAULT_PREFERENCE: SubprotocolPreference = { versions: ['2.0.1', '2.1', '1.6'] };

export function chooseSubprotocol(
  header: string | readonly string[] | undefined,
  preference: SubprotocolPreference = DEFAULT_PREFERENCE,
): SubprotocolChoice {
  const offered = [header ?? []]
    .flat()
    .flatMap((line) => line.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (offered.length === 0) {
    if (!preference.whenMissing) return { ok: false, reason: 'missing', offered };
    const deviations = new DeviationList();
    deviations.add('subprotocol_missing', 'Sec-WebSocket-Protocol');
    return { ok: true, version: preference.whenMissing, subprotocol: null, deviations: deviations.items };
  }
  for (const version of preference.versions) {
    const subprotocol = offered.find((word) => word.toLowerCase() === SUBPROTOCOLS[version]);
    if (subprotocol !== undefined) return { ok: true, version, subprotocol, deviations: [] };
  }
  return { ok: false, reason: 'unsupported', offered };
}

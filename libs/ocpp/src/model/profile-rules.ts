// Rules of charging profiles that hold in every version (OCPP 1.6 section 3.13, OCPP 2.0.1 block K), and that chargers
// refuse profiles for: a TxProfile names its transaction and its EVSE, a TxDefaultProfile never names a transaction, a
// station maximum lies on the whole station and is never relative, an absolute schedule has a start.

import { invalid } from '@kilowatch/kernel';
import type { ChargingLimit, ProfileRequest } from './command.js';

export type ProfileKind = 'Absolute' | 'Relative';

/** Throws INVALID `OCPP_PROFILE_*` when no charger would take the profile. `evseNumber` null: not said. */
export function checkProfile(
  profile: ProfileRequest,
  evseNumber: number | null,
  inRemoteStart: boolean,
): void {
  const { purpose, transactionRef, periods } = profile;
  if (purpose === 'TX_PROFILE') {
    if (!inRemoteStart && !transactionRef)
      fail('TRANSACTION_MISSING', 'A transaction profile names its transaction.');
    if (!inRemoteStart && !evseNumber) fail('EVSE_MISSING', 'A transaction profile names its EVSE.');
  } else {
    if (transactionRef) fail('TRANSACTION_GIVEN', 'Only a transaction profile names a transaction.');
    if (inRemoteStart) fail('PURPOSE', 'A remote start carries a transaction profile only.');
  }
  if (purpose === 'STATION_MAX_PROFILE') {
    if (evseNumber) fail('EVSE_GIVEN', 'A station maximum applies to the whole station.');
    if (!profile.startAt) fail('START_MISSING', 'A station maximum needs an absolute start.');
  }
  const unit = periods[0]?.limit.unit;
  if (unit === undefined || periods[0]?.startSeconds !== 0)
    fail('PERIODS', 'The first period starts at second 0.');
  periods.forEach((period, index) => {
    const before = periods[index - 1];
    if (before && before.startSeconds >= period.startSeconds)
      fail('PERIODS', 'Periods are in ascending order.');
    if (period.limit.unit !== unit) fail('UNIT', 'All limits of a profile have one unit.');
    if (!Number.isSafeInteger(period.limit.tenths) || period.limit.tenths < 0) {
      fail('LIMIT', 'A limit is a whole, non-negative number of tenths.');
    }
  });
}

function fail(code: string, publicText: string): never {
  throw invalid(`OCPP_PROFILE_${code}`, publicText);
}

/** The JSON number with at most one decimal: n / 10 is the double nearest to it and prints as such. */
export function limitNumber(limit: ChargingLimit): number {
  return limit.tenths / 10;
}

export function profileKind(profile: ProfileRequest): ProfileKind {
  return profile.startAt ? 'Absolute' : 'Relative';
}

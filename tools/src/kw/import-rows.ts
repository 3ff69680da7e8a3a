import { flagOf, wholeOf } from './csv-rows.js';

export const STATION_COLUMNS = ['id', 'profile', 'site', 'connectors', 'max_current'];
export const TOKEN_COLUMNS = ['token'];

/** Columns id, profile, password, site, connectors, max_current -> StationInput. */
export function stationInput(row: Record<string, string>): Record<string, unknown> {
  const maxCurrentA = wholeOf(row['max_current'], 'max_current');
  const connectors = wholeOf(row['connectors'], 'connectors');
  if (connectors < 1 || connectors > 100) throw new Error('connectors wants 1 to 100');
  return {
    identity: row['id'],
    name: row['name'] || undefined,
    location: row['site'],
    securityProfile: wholeOf(row['profile'], 'profile'),
    password: row['password'] || undefined,
    connectors: Array.from({ length: connectors }, (_, index) => ({
      evseNumber: index + 1,
      number: 1,
      maxCurrentA,
    })),
  };
}

/** Columns token, type, account, expires, group, concurrent, status -> TokenInput. */
export function tokenInput(row: Record<string, string>): Record<string, unknown> {
  return {
    value: row['token'],
    type: row['type'] || undefined,
    accountEmail: row['account'] || undefined,
    expiresAt: row['expires'] ? new Date(row['expires']).toISOString() : undefined,
    groupId: row['group'] || undefined,
    allowConcurrent: flagOf(row['concurrent'], 'concurrent'),
    status: row['status'] ? row['status'].toUpperCase() : undefined,
  };
}

/** Inputs in portions the API takes; row numbers in messages count from the line below the header. */
export function portions<T>(inputs: readonly T[], size = 500): T[][] {
  return Array.from({ length: Math.ceil(inputs.length / size) }, (_, i) =>
    inputs.slice(i * size, (i + 1) * size),
  );
}

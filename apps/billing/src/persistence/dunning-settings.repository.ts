import { decimal } from '@kilowatch/kernel';
import { gatheredRead, type Tx } from '@kilowatch/platform';
import type { DunningSettings } from '../domain/dunning-settings.js';
import { type Stored, stored } from '../domain/stored.js';

export interface StoredDunning extends DunningSettings {
  readonly version: number;
  readonly changedBy: string;
  readonly changedAt: Date;
  readonly reason: string;
}

interface Row {
  version: number;
  document: Stored<DunningSettings>;
  changed_by: string;
  changed_at: Date;
  reason: string;
}

/** What the tenant said last; undefined: nothing yet. */
export const dunningSettings = gatheredRead<'latest', StoredDunning>(
  () => 'latest',
  async (tx, tenant) => {
    const [row] = await tx.query<Row>(
      'select * from dunning_settings where tenant = $1 order by version desc limit 1',
      [tenant],
    );
    return new Map(row ? [['latest', toSettings(row)]] : []);
  },
);

export async function insertDunningSettings(
  tx: Tx,
  tenant: string,
  { version, changedBy, changedAt, reason, ...settings }: StoredDunning,
): Promise<void> {
  await tx.query(
    'insert into dunning_settings (tenant, version, document, changed_by, changed_at, reason) values ($1, $2, $3, $4, $5, $6)',
    [tenant, version, JSON.stringify(stored(settings)), changedBy, changedAt, reason],
  );
}

/** Latest first. */
export async function dunningSettingsChanges(
  tx: Tx,
  tenant: string,
  limit: number,
): Promise<StoredDunning[]> {
  const rows = await tx.query<Row>(
    'select * from dunning_settings where tenant = $1 order by version desc limit $2',
    [tenant, limit],
  );
  return rows.map(toSettings);
}

function toSettings({ document, version, changed_by, changed_at, reason }: Row): StoredDunning {
  return {
    ...document,
    levels: document.levels.map((level) => ({ ...level, fee: decimal(level.fee) })),
    interestPercent: decimal(document.interestPercent),
    smallest: decimal(document.smallest),
    ...{ version, changedBy: changed_by, changedAt: changed_at, reason },
  };
}

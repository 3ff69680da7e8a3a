import { Inject, Injectable } from '@nestjs/common';
import { decimal, invalid, type Clock, type Decimal } from '@kilowatch/kernel';
import { CLOCK, Database, mayAll, tenantScope, type Principal } from '@kilowatch/platform';
import { checkDunning, type DunningEnd, type DunningSettings } from '../../domain/dunning-settings.js';
import { stored } from '../../domain/stored.js';
import { lookAtAllCases } from '../../persistence/dunning.repository.js';
import {
  dunningSettings,
  dunningSettingsChanges,
  insertDunningSettings,
  type StoredDunning,
} from '../../persistence/dunning-settings.repository.js';
import { SELLER, type Seller } from '../seller.js';
import { FindDunning } from './find-dunning.js';

export interface DunningInput {
  readonly enabled: boolean;
  readonly currency: string;
  readonly levels: readonly {
    readonly days: number;
    readonly fee?: Decimal | null;
    readonly blocks?: boolean | null;
  }[];
  readonly end: DunningEnd;
  readonly endDays: number;
  readonly interestPercent?: Decimal | null;
  readonly smallest?: Decimal | null;
  readonly timeZone?: string | null;
  readonly instructions?: string | null;
  readonly reason: string;
}

export interface ShownDunning extends DunningSettings {
  /** Undefined: the tenant has said nothing, this is what is usual. */
  readonly said: Pick<StoredDunning, 'changedAt' | 'changedBy' | 'reason'> | undefined;
}

const CHANGES = 50;
const LONGEST_REASON = 500;

/** How a tenant asks for what is overdue: what counts, and who changed it. */
@Injectable()
export class AgreeDunning {
  constructor(
    private readonly database: Database,
    private readonly find: FindDunning,
    @Inject(SELLER) private readonly seller: Seller,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  view({ tenant }: Principal): Promise<ShownDunning> {
    return this.database.read(tenantScope(tenant), async (tx) => {
      const said = await dunningSettings(tx, tenant, 'latest');
      return said ? { ...said, said } : { ...(await this.find.of(tx, tenant)), said };
    });
  }

  /** Latest first, for operators. */
  changes(principal: Principal): Promise<StoredDunning[]> {
    if (!mayAll(principal, 'billing:read')) return Promise.resolve([]);
    const { tenant } = principal;
    return this.database.read(tenantScope(tenant), (tx) => dunningSettingsChanges(tx, tenant, CHANGES));
  }

  /** All of it at once, with who and why. Cases that letters may follow for are planned anew. The same again changes nothing. */
  async set(principal: Principal, input: DunningInput): Promise<ShownDunning> {
    const { tenant } = principal;
    const reason = input.reason.trim();
    if (reason === '' || reason.length > LONGEST_REASON)
      throw invalid('BILLING_REASON', `The reason has 1 to ${LONGEST_REASON} characters.`);
    const settings = checkDunning(this.settingsOf(input), this.seller.party.country);
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      tx.lock(`dunning-settings|${tenant}`);
      const held = await dunningSettings(tx, tenant, 'latest');
      if (held && textOf(held) === textOf(settings)) return { ...held, said: held };
      const at = this.clock.now();
      const saved: StoredDunning = {
        ...settings,
        version: (held?.version ?? 0) + 1,
        ...{ changedBy: principal.accountId, changedAt: at, reason },
      };
      await insertDunningSettings(tx, tenant, saved);
      await lookAtAllCases(tx, tenant, at);
      return { ...saved, said: saved };
    });
  }

  private settingsOf(input: DunningInput): DunningSettings {
    const { enabled, currency, end, endDays } = input;
    return {
      ...{ enabled, currency, end, endDays },
      levels: input.levels.map(({ days, fee, blocks }) => ({
        days,
        fee: fee ?? decimal('0'),
        blocks: blocks ?? false,
      })),
      interestPercent: input.interestPercent ?? decimal('0'),
      smallest: input.smallest ?? decimal('0'),
      timeZone: input.timeZone ?? this.seller.timeZone,
      instructions: input.instructions ?? '',
    };
  }
}

function textOf(settings: DunningSettings): string {
  const { enabled, currency, levels, end, endDays, interestPercent, smallest, timeZone, instructions } =
    settings;
  const all = { enabled, currency, levels, end, endDays, interestPercent, smallest, timeZone, instructions };
  return JSON.stringify(stored(all));
}

import { Inject, Injectable } from '@nestjs/common';
import { invalid, isUuid, notFound, precondition, ZERO, type Clock } from '@kilowatch/kernel';
import {
  argsHash,
  CLOCK,
  Database,
  idempotent,
  tenantScope,
  type Principal,
  type Tx,
} from '@kilowatch/platform';
import { decidedReason } from '../../domain/decision.js';
import { chargesOpen, collect, pause, resume } from '../../domain/dunning.js';
import { addDays, dateOf } from '../../domain/local-date.js';
import { findCase, findCaseOfInvoice, type CaseRecord } from '../../persistence/dunning.repository.js';
import { findInvoiceForUpdate, type InvoiceRecord } from '../../persistence/invoice.repository.js';
import { isHeldBack } from '../../persistence/invoice-debt.repository.js';
import { DunCases } from './dun-cases.js';
import { FindDunning } from './find-dunning.js';
import { KeepCase } from './keep-case.js';
import { SettleDunning } from './settle-dunning.js';
import { WriteOff } from './write-off.js';

export interface DunningAct {
  readonly caseId: string;
  readonly reason: string;
  readonly idempotencyKey: string;
}

export interface DunningPause extends DunningAct {
  /** The day on which it ends by itself, of the tenant's calendar; absent: when it is resumed. */
  readonly until?: string | null;
}

const LONGEST_PAUSE_DAYS = 366;

type Work = (tx: Tx, held: CaseRecord, invoice: InvoiceRecord) => Promise<unknown>;

/** What operators do to cases by hand, each with a reason and once per key. */
@Injectable()
export class ActOnDunning {
  constructor(
    private readonly database: Database,
    private readonly settings: FindDunning,
    private readonly keep: KeepCase,
    private readonly dun: DunCases,
    private readonly writeOffs: WriteOff,
    private readonly settling: SettleDunning,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** PRECONDITION unless letters or a collector are still to come of it. */
  pause(principal: Principal, input: DunningPause): Promise<CaseRecord> {
    return this.act(
      'pauseDunning',
      principal,
      input,
      { until: input.until ?? null },
      async (tx, held, invoice) => {
        const settings = await this.settings.of(tx, held.tenant);
        const until = this.until(input.until ?? undefined, settings.timeZone);
        const next = pause(held, settings, this.clock.now(), until);
        const reason = until === undefined ? input.reason : `${input.reason} (until ${until})`;
        await this.keep.change(tx, held, next, invoice, {
          change: 'PAUSED',
          by: principal.accountId,
          reason,
        });
      },
    );
  }

  resume(principal: Principal, input: DunningAct): Promise<CaseRecord> {
    return this.act('resumeDunning', principal, input, {}, async (tx, held, invoice) => {
      const settings = await this.settings.of(tx, held.tenant);
      if (held.state !== 'PAUSED')
        throw precondition('BILLING_DUNNING_NOT_PAUSED', 'This case is not paused.');
      const note = { change: 'RESUMED', by: principal.accountId, reason: input.reason } as const;
      await this.keep.change(tx, held, resume(held, settings, this.clock.now()), invoice, note);
    });
  }

  /** The next letter goes out now; after the last one the case goes to collection. PRECONDITION while the invoice is disputed or being paid. */
  raise(principal: Principal, input: DunningAct): Promise<CaseRecord> {
    return this.act('raiseDunning', principal, input, {}, async (tx, held, invoice) => {
      const settings = await this.settings.of(tx, held.tenant);
      const byHand = { by: principal.accountId, reason: input.reason };
      if (held.state !== 'ACTIVE')
        throw precondition(
          'BILLING_DUNNING_NOT_ACTIVE',
          'No letter follows in this case. Resume it if it is paused.',
        );
      if (await isHeldBack(tx, held.tenant, invoice.id)) throw heldBack();
      if (settings.levels[held.level])
        await this.dun.letter(tx, held, settings, invoice, this.clock.now(), byHand);
      else await this.keep.change(tx, held, collect(held), invoice, { change: 'COLLECTION', ...byHand });
    });
  }

  /** What is owed is given up, with its charges. PRECONDITION while the invoice is disputed or being paid, or when nothing is owed. */
  writeOff(principal: Principal, input: DunningAct): Promise<CaseRecord> {
    return this.act('writeOffInvoice', principal, input, {}, async (tx, held, invoice) => {
      if (invoice.status !== 'OPEN')
        throw precondition('BILLING_NOTHING_OWED', 'Nothing is owed of this invoice any more.');
      if (await isHeldBack(tx, held.tenant, invoice.id)) throw heldBack();
      await this.writeOffs.run(tx, held, invoice, { by: principal.accountId, reason: input.reason });
    });
  }

  /** Fees and interest that are not paid are owed no more. */
  waive(principal: Principal, input: DunningAct): Promise<CaseRecord> {
    return this.act('waiveDunningCharges', principal, input, {}, async (tx, held, invoice) => {
      const open = chargesOpen(held);
      if (!open.gt('0'))
        throw precondition('BILLING_NO_CHARGES', 'No fees or interest of this case are open.');
      const by = { by: principal.accountId, reason: input.reason };
      await this.settling.waive(tx, held, invoice, { open, paid: ZERO }, by);
    });
  }

  private async act(
    operation: string,
    principal: Principal,
    { caseId, reason, idempotencyKey: key }: DunningAct,
    more: Readonly<Record<string, string | null>>,
    work: Work,
  ): Promise<CaseRecord> {
    const { tenant, accountId: subject } = principal;
    if (!isUuid(caseId)) throw unknownCase();
    const why = decidedReason(reason);
    const request = { operation, subject, key, argsHash: argsHash({ caseId, reason: why, ...more }) };
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      await idempotent(tx, request, async () => {
        const known = await findCase(tx, tenant, caseId);
        const invoice = known && (await findInvoiceForUpdate(tx, tenant, known.invoiceId));
        const held = known && (await findCaseOfInvoice(tx, tenant, known.invoiceId));
        if (!held || !invoice) throw unknownCase();
        await work(tx, held, invoice);
        return caseId;
      });
      return (await findCase(tx, tenant, caseId))!;
    });
  }

  private until(text: string | undefined, timeZone: string): string | undefined {
    if (text === undefined) return undefined;
    const today = dateOf(this.clock.now(), timeZone);
    const time = Date.parse(`${text}T00:00:00Z`);
    const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && addDays(text, 0) === text;
    if (!isDay || text <= today || text > addDays(today, LONGEST_PAUSE_DAYS))
      throw invalid(
        'BILLING_PAUSE_UNTIL',
        `A pause ends on a day like 2026-03-31, after today and within a year.`,
      );
    return text;
  }
}

export const unknownCase = () => notFound('BILLING_DUNNING_CASE', 'There is no such case.');
const heldBack = () =>
  precondition('BILLING_DUNNING_HELD', 'This invoice is disputed, or being paid by card: wait for that.');

import { Inject, Injectable } from '@nestjs/common';
import { groupBy, isUuid } from '@kilowatch/kernel';
import { Database, tenantScope, type Principal, type SortKey, type Tx } from '@kilowatch/platform';
import type { SheetLocale } from '../../domain/documents/sheet-texts.js';
import { statementCsv, statementSheet } from '../../domain/documents/statement-sheet.js';
import type { StatementFigures } from '../../domain/payee-statement.js';
import {
  findStatement,
  listStatements,
  type PayeeStatement,
  type StatementState,
} from '../../persistence/payee-statement.repository.js';
import {
  findPayee,
  listPayees,
  termsOfPayees,
  type AgreedTerm,
  type Payee,
} from '../../persistence/payee.repository.js';
import type { DocumentFile } from '../documents/invoice-documents.js';
import { renderPdf } from '../documents/render-pdf.js';
import { SELLER, type Seller } from '../seller.js';
import { unknownPayee, unknownStatement } from './manage-payees.js';
import { statedMonth } from './state-month.js';

export type { PayeeStatement, StatementState };

export interface ShownPayee {
  readonly payee: Payee;
  readonly terms: readonly AgreedTerm[];
}

interface Page {
  readonly limit: number;
  readonly after: SortKey | undefined;
}

/** Payees and their statements, for operators. */
@Injectable()
export class ViewPayees {
  constructor(
    private readonly database: Database,
    @Inject(SELLER) private readonly seller: Seller,
  ) {}

  list({ tenant }: Principal, page: Page): Promise<ShownPayee[]> {
    return this.database.read(tenantScope(tenant), async (tx) =>
      withTerms(tx, tenant, await listPayees(tx, tenant, page)),
    );
  }

  async one({ tenant }: Principal, id: string): Promise<ShownPayee> {
    const payee = isUuid(id)
      ? await this.database.transaction(tenantScope(tenant), (tx) => findPayee(tx, tenant, id))
      : undefined;
    if (!payee) throw unknownPayee();
    return this.database.read(tenantScope(tenant), async (tx) => (await withTerms(tx, tenant, [payee]))[0]!);
  }

  /** What the next statement would say now; undefined: nothing. */
  draft({ tenant }: Principal, payee: Payee): Promise<StatementFigures | undefined> {
    return this.database.read(tenantScope(tenant), (tx) => statedMonth(tx, payee, this.seller.timeZone));
  }

  statements(
    { tenant }: Principal,
    { payeeId, state }: { readonly payeeId: string | undefined; readonly state: StatementState | undefined },
    page: Page,
  ): Promise<PayeeStatement[]> {
    if (payeeId !== undefined && !isUuid(payeeId)) return Promise.resolve([]);
    return this.database.read(tenantScope(tenant), (tx) =>
      listStatements(tx, tenant, { payeeId, state }, page),
    );
  }

  async statement({ tenant }: Principal, id: string): Promise<PayeeStatement> {
    const found = isUuid(id)
      ? await this.database.read(tenantScope(tenant), (tx) => findStatement(tx, tenant, id))
      : undefined;
    if (!found) throw unknownStatement();
    return found;
  }

  /** The same bytes each time, in each language. */
  async pdf(statement: PayeeStatement, locale: SheetLocale): Promise<DocumentFile> {
    const { party, timeZone } = this.seller;
    const sheet = statementSheet(statement, party, timeZone, locale);
    const content = await renderPdf(sheet, statement.issuedAt);
    return { name: `${statement.number}.pdf`, mediaType: 'application/pdf', content };
  }

  csv(statement: PayeeStatement): DocumentFile {
    const content = Buffer.from(statementCsv(statement), 'utf8');
    return { name: `${statement.number}.csv`, mediaType: 'text/csv', content };
  }
}

async function withTerms(tx: Tx, tenant: string, payees: readonly Payee[]): Promise<ShownPayee[]> {
  if (payees.length === 0) return [];
  const terms = await termsOfPayees(
    tx,
    tenant,
    payees.map(({ id }) => id),
  );
  const byPayee = groupBy(terms, ({ payeeId }) => payeeId);
  return payees.map((payee) => ({ payee, terms: byPayee.get(payee.id) ?? [] }));
}

import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { decimal } from '@kilowatch/kernel';
import { Allow, connection, CurrentPrincipal, pageRequest, type Principal } from '@kilowatch/platform';
import { sheetLocale } from '../../domain/documents/sheet-texts.js';
import { shownMoney } from '../../domain/cost-lines.js';
import { stored, type Stored } from '../../domain/stored.js';
import type { StatementFigures } from '../../domain/payee-statement.js';
import {
  ManagePayees,
  type PayeeInput,
  type StatementPayment,
  type TermEnd,
  type TermInput,
} from '../../usecases/payees/manage-payees.js';
import {
  ViewPayees,
  type PayeeStatement,
  type ShownPayee,
  type StatementState,
} from '../../usecases/payees/view-payees.js';
import { toFileNode } from './document.resolver.js';

@Resolver('Payee')
export class PayeeResolver {
  constructor(
    private readonly view: ViewPayees,
    private readonly manage: ManagePayees,
  ) {}

  @Query()
  @Allow('billing:read', 'all')
  async payees(@Args() args: { first: number; after?: string }, @CurrentPrincipal() principal: Principal) {
    const page = pageRequest(args, ['id']);
    return connection(page, await this.view.list(principal, page), ({ payee }) => [payee.id], toPayeeNode);
  }

  @Query()
  @Allow('billing:read', 'all')
  payee(@Args('id') id: string, @CurrentPrincipal() principal: Principal) {
    return this.shown(principal, id);
  }

  @Mutation()
  @Allow('billing:write', 'all')
  async setPayee(@Args('input') input: PayeeInput, @CurrentPrincipal() principal: Principal) {
    return { payee: await this.shown(principal, await this.manage.set(principal, input)) };
  }

  @Mutation()
  @Allow('billing:write', 'all')
  async agreePayeeTerm(@Args('input') input: TermInput, @CurrentPrincipal() principal: Principal) {
    return { payee: await this.shown(principal, await this.manage.agree(principal, input)) };
  }

  @Mutation()
  @Allow('billing:write', 'all')
  async endPayeeTerm(@Args('input') input: TermEnd, @CurrentPrincipal() principal: Principal) {
    return { payee: await this.shown(principal, await this.manage.end(principal, input)) };
  }

  @ResolveField()
  @Allow('billing:read', 'all')
  async draft(@Parent() { payee }: PayeeNode, @CurrentPrincipal() principal: Principal) {
    const figures = await this.view.draft(principal, payee);
    if (!figures) return null;
    const { id: payeeId, month, currency } = payee;
    return { ...figuresNode(stored(figures), currency), ...NOT_ISSUED, payeeId, month };
  }

  private async shown(principal: Principal, id: string): Promise<PayeeNode> {
    return toPayeeNode(await this.view.one(principal, id));
  }
}

@Resolver('PayeeStatement')
export class PayeeStatementResolver {
  constructor(
    private readonly view: ViewPayees,
    private readonly manage: ManagePayees,
  ) {}

  @Query()
  @Allow('billing:read', 'all')
  async payeeStatements(
    @Args()
    args: { first: number; after?: string; payeeId?: string | null; state?: StatementState | 'DRAFT' | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    // Drafts are of no list: each is its payee's.
    if (args.state === 'DRAFT') return connection(page, [], ({ id }: PayeeStatement) => [id]);
    const filter = { payeeId: args.payeeId ?? undefined, state: args.state ?? undefined };
    const rows = await this.view.statements(principal, filter, page);
    return connection(page, rows, ({ id }) => [id], toStatementNode);
  }

  @Query()
  @Allow('billing:read', 'all')
  async payeeStatement(@Args('id') id: string, @CurrentPrincipal() principal: Principal) {
    return toStatementNode(await this.view.statement(principal, id));
  }

  @Mutation()
  @Allow('billing:write', 'all')
  async payPayeeStatement(@Args('input') input: StatementPayment, @CurrentPrincipal() principal: Principal) {
    const id = await this.manage.pay(principal, input);
    return { statement: toStatementNode(await this.view.statement(principal, id)) };
  }

  @ResolveField()
  @Allow('billing:read', 'all')
  async pdf(
    @Parent() { statement }: { readonly statement?: PayeeStatement },
    @Args('locale') locale: string | null | undefined,
  ) {
    return statement ? toFileNode(await this.view.pdf(statement, sheetLocale(locale))) : null;
  }

  @ResolveField()
  @Allow('billing:read', 'all')
  csv(@Parent() { statement }: { readonly statement?: PayeeStatement }) {
    return statement ? toFileNode(this.view.csv(statement)) : null;
  }
}

type PayeeNode = ReturnType<typeof toPayeeNode>;

function toPayeeNode({ payee, terms }: ShownPayee) {
  const { id, name, address, vatId, currency, month: nextMonth, updatedAt, updatedBy } = payee;
  return {
    payee,
    ...{ id, name, address, vatId: vatId || null, currency, nextMonth, updatedAt, updatedBy },
    terms: terms.map(({ lastMonth, endReason, ...term }) => ({
      ...term,
      lastMonth: lastMonth ?? null,
      endReason: endReason ?? null,
    })),
  };
}

const NOT_ISSUED = {
  ...{
    id: null,
    number: null,
    state: 'DRAFT',
    issuedAt: null,
    paidAt: null,
    paidReference: null,
    paidBy: null,
  },
} as const;

function toStatementNode(statement: PayeeStatement) {
  const { id, number, payeeId, state, month, issuedAt, currency, document } = statement;
  const { paidAt = null, paidReference = null, paidBy = null } = statement;
  return {
    statement,
    ...{ id, number, payeeId, state, month, issuedAt, paidAt, paidReference, paidBy },
    ...figuresNode(document, currency),
  };
}

function figuresNode(
  { lines, earned, carriedIn, due, carriedOut }: Stored<StatementFigures>,
  currency: string,
) {
  const money = (amount: string) => shownMoney(amount, currency);
  return {
    earned: money(earned),
    carriedIn: money(carriedIn),
    due: money(due),
    carriedOut: money(carriedOut),
    lines: lines.map(({ energyMwh, energyNet, amount, value, ...line }) => ({
      ...line,
      value: decimal(value),
      energyWh: energyMwh / 1000,
      energyNet: money(energyNet),
      amount: money(amount),
    })),
  };
}

import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { isOperator, useAccount } from '../../api/api-context.js';
import { InvoicePageDocument, type InvoicePageQuery } from '../../api/documents/invoices.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { CostLines } from '../../ui/cost-lines.js';
import { Facts } from '../../ui/figures.js';
import { formatEnergy, formatMoney, formatTime, formatVatPercent } from '../../ui/format.js';
import { Page } from '../../ui/page.js';
import { Loaded, Skeleton } from '../../ui/states.js';
import {
  invoiceName,
  invoiceWord,
  isInFavour,
  monthText,
  paymentMethodText,
} from '../../words/invoice-words.js';
import { isSome, LETTERS } from '../../words/dunning-words.js';
import { CardPayments } from './card-payments.js';
import { DisputeCard } from './dispute-card.js';
import { InvoicePapers } from './invoice-papers.js';
import { InvoicedSessions } from './invoiced-sessions.js';

type Invoice = NonNullable<InvoicePageQuery['invoice']>;

export function InvoicePage() {
  const { id = '' } = useParams();
  const operator = isOperator(useAccount());
  const query = useLiveQuery(InvoicePageDocument, { variables: { id }, fallbackPollMs: 0 });
  const invoice = query.data?.invoice;
  return (
    <Page
      title={invoice ? `${invoiceName(invoice.kind)} ${invoice.number}` : 'Invoice'}
      back={operator ? { to: '/sessions', text: 'Sessions' } : { to: '/invoices', text: 'Invoices' }}
      actions={invoice && <InvoicePapers id={invoice.id} />}
    >
      <Loaded
        data={invoice}
        error={query.error}
        isLoading={query.isLoading}
        onRetry={query.refetch}
        skeleton={<Skeleton rows={6} />}
      >
        {(shown) => (
          <>
            <InvoicePaper invoice={shown} />
            {!operator && shown.credits === null && <DisputeCard invoiceId={shown.id} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function InvoicePaper({ invoice }: { invoice: Invoice }) {
  const { seller, account, month } = invoice;
  const word = invoiceWord(invoice);
  const name = invoiceName(invoice.kind);
  return (
    <article className="card paper" aria-label={`${name} ${invoice.number}`}>
      <header className="paper-head">
        <address>
          <strong>{seller.name}</strong>
          <span>{seller.address}</span>
          {seller.vatId && <span>VAT ID {seller.vatId}</span>}
        </address>
        {account && (
          <address>
            <span className="quiet">To</span>
            <strong>{account.displayName}</strong>
            <span>{account.email}</span>
          </address>
        )}
      </header>
      <Facts
        rows={[
          [`${name} number`, <strong key="number">{invoice.number}</strong>],
          ...(invoice.credits ? ([['Takes back', invoice.credits]] as const) : []),
          ['Date', formatTime(invoice.issuedAt, 'day')],
          [
            'Status',
            <span key="status">
              <Badge tone={word.tone}>{word.text}</Badge>{' '}
              {invoice.paidAt &&
                !isInFavour(invoice) &&
                `${formatTime(invoice.paidAt, 'day')} ${paymentMethodText(invoice.paymentMethod)}`}
            </span>,
          ],
          ...(invoice.creditedInclVat.amount === '0.00' || invoice.status === 'CREDITED'
            ? []
            : ([['Taken back of it', formatMoney(invoice.creditedInclVat)]] as const)),
          ...(invoice.status === 'OPEN' ? ([['To pay', formatMoney(invoice.owedInclVat)]] as const) : []),
          ...(invoice.status === 'OPEN' && invoice.dueAt
            ? ([['Payable until', formatTime(lastDay(invoice.dueAt), 'day')]] as const)
            : []),
          ...dunningFacts(invoice),
          ...(month ? ([['For', monthText(month)]] as const) : sessionFacts(invoice.session)),
        ]}
      />
      {isInFavour(invoice) && invoice.status !== 'CREDITED' && (
        <p>
          This bill is in your favour: {formatMoney(amountOf(invoice.totalInclVat))} was paid into the wallet.
          There is nothing to pay.
        </p>
      )}
      <CardPayments payments={invoice.payments ?? []} />
      {invoice.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      {month && <InvoicedSessions invoice={invoice} />}
      <CostLines
        caption="Invoice lines"
        lines={invoice.lines}
        totals={{ exclVat: invoice.totalExclVat, vat: invoice.totalVat, inclVat: invoice.totalInclVat }}
      />
      <table className="vat-table">
        <caption>{invoice.taxes.length > 0 ? 'Taxes' : 'VAT'}</caption>
        <thead>
          <tr>
            <th scope="col">Rate</th>
            <th scope="col">Net</th>
            <th scope="col">{invoice.taxes.length > 0 ? 'Tax' : 'VAT'}</th>
          </tr>
        </thead>
        <tbody>
          {taxRows(invoice).map(({ name, base, tax }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{formatMoney(base)}</td>
              <td>{formatMoney(tax)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </article>
  );
}

/** Of an invoice that was not paid in time. */
function dunningFacts({ dunning, transferPaid }: Invoice): (readonly [string, ReactNode])[] {
  const paid = isSome(transferPaid) ? ([['Paid by transfer', formatMoney(transferPaid)]] as const) : [];
  if (!dunning) return [...paid];
  const { letter, chargesOpen, blocks } = dunning;
  return [
    ...paid,
    ...(letter && dunning.state !== 'SETTLED' ? ([['Last letter', LETTERS[letter]]] as const) : []),
    ...(isSome(chargesOpen) ? ([['Fees and interest to pay', formatMoney(chargesOpen)]] as const) : []),
    ...(blocks ? ([['Charging', 'Nothing starts until it is paid']] as const) : []),
  ];
}

function sessionFacts(session: Invoice['session']): (readonly [string, ReactNode])[] {
  if (!session) return [];
  const { id, station, location, startedAt, endedAt } = session;
  return [
    [
      'Session',
      <Link key="session" to={`/sessions/${id}`}>
        {station.name}, {location.name}
      </Link>,
    ],
    [
      'Delivered',
      `${formatTime(startedAt, 'date-time')}${endedAt ? ` – ${formatTime(endedAt, 'time')}` : ''}`,
    ],
    ['Energy', formatEnergy(session.energyWh)],
  ];
}

/** By name where there is another tax than VAT, else by rate. */
function taxRows({ taxes, vat }: Invoice) {
  if (taxes.length === 0)
    return vat.map((row) => ({ name: formatVatPercent(row.percent), base: row.base, tax: row.vat }));
  return taxes.map(({ name, percent, base, amount }) => ({
    name: `${name} ${formatVatPercent(percent)}`,
    base,
    tax: amount,
  }));
}

/** An amount below zero as what it brings. */
const amountOf = (money: Invoice['totalInclVat']) => ({ ...money, amount: money.amount.replace(/^-/, '') });

/** It is overdue with the end of that day. */
const lastDay = (overdue: string): string => new Date(Date.parse(overdue) - 1).toISOString();

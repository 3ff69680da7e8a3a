import { useState } from 'react';
import { Link } from 'react-router';
import { InvoicesDocument, WalletDocument } from '../../api/documents/invoices.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { FigureItem, Figures } from '../../ui/figures.js';
import { formatMoney, formatTime } from '../../ui/format.js';
import { Card, Page } from '../../ui/page.js';
import { Pagination, useCursorPages } from '../../ui/pagination.js';
import { Empty, Loaded, Skeleton } from '../../ui/states.js';
import { invoiceName, invoiceWord } from '../../words/invoice-words.js';
import { DebtCard } from './debt-card.js';

const PAGE_SIZE = 20;

export function InvoicesPage() {
  return (
    <Page title="Invoices">
      <WalletCard />
      <DebtCard />
      <InvoiceList />
    </Page>
  );
}

function WalletCard() {
  const query = useLiveQuery(WalletDocument, { pollMs: 60_000 });
  return (
    <Loaded
      data={query.data?.wallet}
      error={query.error}
      isLoading={query.isLoading}
      onRetry={query.refetch}
      skeleton={<Skeleton rows={1} tall />}
    >
      {({ balance }) => (
        <section className="meter" aria-label="Wallet">
          <Figures>
            <FigureItem
              big
              label="Wallet balance"
              name="balance"
              figure={formatMoney(balance)}
              note="Invoices are paid from here. Your operator adds what you transfer."
            />
          </Figures>
        </section>
      )}
    </Loaded>
  );
}

function InvoiceList() {
  const [overdue, setOverdue] = useState(false);
  const pages = useCursorPages();
  const query = useLiveQuery(InvoicesDocument, {
    variables: { first: PAGE_SIZE, after: pages.after, overdue },
    pollMs: 60_000,
  });
  return (
    <Card title={overdue ? 'Overdue invoices' : 'All invoices'}>
      <div className="segments" role="group" aria-label="Which invoices">
        {[false, true].map((only) => (
          <button
            key={String(only)}
            type="button"
            aria-pressed={overdue === only}
            onClick={() => {
              setOverdue(only);
              pages.reset();
            }}
          >
            {only ? 'Overdue' : 'All'}
          </button>
        ))}
      </div>
      <Loaded
        data={query.data?.invoices}
        error={query.error}
        isLoading={query.isLoading}
        onRetry={query.refetch}
      >
        {({ edges, pageInfo, totalCount }) =>
          edges.length === 0 ? (
            <Empty icon="receipt" title={overdue ? 'Nothing is overdue' : 'No invoices yet'}>
              {overdue
                ? 'All your invoices are paid, or still have time.'
                : 'One is written for each finished session, usually within minutes.'}
            </Empty>
          ) : (
            <>
              <ul className="rows">
                {edges.map(({ node }) => (
                  <li key={node.id} className="row invoice-row">
                    <div className="row-main">
                      <Link to={`/invoices/${node.id}`} className="row-title row-link">
                        {invoiceName(node.kind)} {node.number}
                      </Link>
                      <p className="quiet">{formatTime(node.issuedAt, 'day')}</p>
                    </div>
                    <Badge tone={invoiceWord(node).tone}>{invoiceWord(node).text}</Badge>
                    <strong className="row-amount">{formatMoney(node.totalInclVat)}</strong>
                  </li>
                ))}
              </ul>
              <Pagination
                pages={pages}
                size={PAGE_SIZE}
                shown={edges.length}
                total={totalCount}
                pageInfo={pageInfo}
                of="invoices"
              />
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

import { Link } from 'react-router';
import { mayAct } from '../../api/account-rights.js';
import { useAccount } from '../../api/api-context.js';
import { TariffsDocument } from '../../api/documents/tariffs.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { formatTime } from '../../ui/format.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { PriceTabs } from './price-tabs.js';
import { OperatorSessionTabs } from './session-tabs.js';

const PAGE_SIZE = 20;

/** What charging costs now. */
export function TariffsPage() {
  const { role } = useAccount();
  const pages = useCursorPages();
  const query = useLiveQuery(TariffsDocument, {
    variables: { first: PAGE_SIZE, after: pages.after },
    pollMs: 60_000,
  });
  return (
    <Page title="Tariffs" lead="A session keeps the price it began with.">
      <OperatorSessionTabs />
      {mayAct(role) && <PriceTabs />}
      <PagedList
        query={query}
        list={query.data?.tariffs}
        pages={pages}
        size={PAGE_SIZE}
        of="tariffs"
        label="Tariffs"
        empty={
          <Empty icon="receipt" title="No tariff yet">
            Apply one with <code>kw tariffs apply</code>: sessions wait for it.
          </Empty>
        }
      >
        {(tariff) => (
          <li className="row" key={tariff.id}>
            <div className="row-main stack">
              {mayAct(role) ? (
                <Link to={`/tariffs/${encodeURIComponent(tariff.id)}`} className="row-title">
                  {tariff.name}
                </Link>
              ) : (
                <p className="row-title">{tariff.name}</p>
              )}
              {tariff.summary.map((line) => (
                <p key={line}>{line}</p>
              ))}
              <p className="quiet">
                {tariff.id}, version {tariff.version}, valid from {formatTime(tariff.validFrom, 'date-time')}
              </p>
            </div>
            {tariff.isDefault && <Badge tone="info">Default</Badge>}
          </li>
        )}
      </PagedList>
    </Page>
  );
}

import { useState } from 'react';
import type { StationFilter } from '../../api/documents/inputs.js';
import { StationsDocument } from '../../api/documents/stations.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Page } from '../../ui/page.js';
import { Pagination, useCursorPages } from '../../ui/pagination.js';
import { SearchField } from '../../ui/search-field.js';
import { Empty, Loaded, Skeleton } from '../../ui/states.js';
import { useSettled } from '../../ui/use-settled.js';
import { CONNECTOR_WORDS, type ConnectorStatus } from '../../words/station-words.js';
import { StationRowItem } from './station-row-item.js';
import { StationsTabs } from './stations-tabs.js';

const PAGE_SIZE = 20;
const ONLINE = { any: undefined, online: true, offline: false } as const;
type OnlineChoice = keyof typeof ONLINE;

export function StationsPage() {
  const [search, setSearch] = useState('');
  const [online, setOnline] = useState<OnlineChoice>('any');
  const [status, setStatus] = useState<ConnectorStatus | ''>('');
  const pages = useCursorPages();
  const settled = useSettled(search.trim(), 300);
  const filter: StationFilter = {
    online: ONLINE[online] ?? null,
    status: status === '' ? null : status,
    search: settled === '' ? null : settled,
  };
  const query = useLiveQuery(StationsDocument, {
    variables: { first: PAGE_SIZE, after: pages.after, filter },
    pollMs: 30_000,
  });
  const isFiltered = online !== 'any' || status !== '' || settled !== '';
  return (
    <Page title="Stations">
      <StationsTabs />
      <form className="filters" role="search" onSubmit={(event) => event.preventDefault()}>
        <SearchField label="Search name or identity" value={search} onChange={pages.anew(setSearch)} />
        <label className="field">
          <span>Connection</span>
          <select
            value={online}
            onChange={(event) => pages.anew(setOnline)(event.target.value as OnlineChoice)}
          >
            <option value="any">Any</option>
            <option value="online">Online</option>
            <option value="offline">Offline</option>
          </select>
        </label>
        <label className="field">
          <span>Connector state</span>
          <select
            value={status}
            onChange={(event) => pages.anew(setStatus)(event.target.value as ConnectorStatus | '')}
          >
            <option value="">Any</option>
            {Object.entries(CONNECTOR_WORDS).map(([value, { text }]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
      </form>
      <Loaded
        data={query.data?.stations}
        error={query.error}
        isLoading={query.isLoading}
        onRetry={query.refetch}
        skeleton={<Skeleton rows={8} tall />}
      >
        {({ edges, pageInfo, totalCount }) =>
          edges.length === 0 ? (
            <Empty icon="station" title={isFiltered ? 'No station matches' : 'No stations yet'}>
              {isFiltered
                ? 'Loosen the search or the filters.'
                : 'Import them: npm run -s kw -- stations import FILE.csv'}
            </Empty>
          ) : (
            <>
              <p className="visually-hidden" role="status">
                {totalCount} stations found
              </p>
              <ul className="rows card-rows" aria-label="Stations">
                {edges.map(({ node }) => (
                  <StationRowItem key={node.id} station={node} />
                ))}
              </ul>
              <Pagination
                pages={pages}
                size={PAGE_SIZE}
                shown={edges.length}
                total={totalCount}
                pageInfo={pageInfo}
                of="stations"
              />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

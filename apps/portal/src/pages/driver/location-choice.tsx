import { useState } from 'react';
import { Link } from 'react-router';
import { LocationsDocument } from '../../api/documents/start.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Badge } from '../../ui/badge.js';
import { Pagination, useCursorPages } from '../../ui/pagination.js';
import { SearchField } from '../../ui/search-field.js';
import { Empty, Loaded } from '../../ui/states.js';
import { availability } from '../../words/station-words.js';

const PAGE_SIZE = 20;

export function LocationChoice() {
  const pages = useCursorPages();
  const [search, setSearch] = useState('');
  const query = useLiveQuery(LocationsDocument, {
    variables: { first: PAGE_SIZE, after: pages.after },
    pollMs: 20_000,
  });
  const words = search.trim().toLocaleLowerCase();
  return (
    <Loaded
      data={query.data?.locations}
      error={query.error}
      isLoading={query.isLoading}
      onRetry={query.refetch}
    >
      {({ edges, pageInfo, totalCount }) => {
        const shown = edges.filter(({ node }) =>
          [node.name, node.address, node.postalCode, node.city].join(' ').toLocaleLowerCase().includes(words),
        );
        return (
          <>
            {edges.length > 5 && (
              <SearchField label="Filter the locations on this page" value={search} onChange={setSearch} />
            )}
            {shown.length === 0 ? (
              <Empty icon="station" title={words ? 'No location matches' : 'No locations yet'}>
                {words
                  ? 'Try fewer letters.'
                  : 'Your operator has not published any. Ask where you can charge.'}
              </Empty>
            ) : (
              <ul className="rows card-rows" aria-label="Locations">
                {shown.map(({ node }) => (
                  <li key={node.id} className="row">
                    <div className="row-main">
                      <Link to={`/start?location=${node.id}`} className="row-title row-link">
                        {node.name}
                      </Link>
                      <p className="quiet">
                        {[node.address, node.postalCode, node.city].filter(Boolean).join(', ')}
                      </p>
                    </div>
                    <Free stations={node.stations} />
                  </li>
                ))}
              </ul>
            )}
            <Pagination
              pages={pages}
              size={PAGE_SIZE}
              shown={edges.length}
              total={totalCount}
              pageInfo={pageInfo}
              of="locations"
            />
          </>
        );
      }}
    </Loaded>
  );
}

function Free({ stations }: { stations: Parameters<typeof availability>[0] }) {
  const { free, all } = availability(stations);
  return (
    <Badge tone={free > 0 ? 'good' : 'quiet'}>
      {free} of {all} free
    </Badge>
  );
}

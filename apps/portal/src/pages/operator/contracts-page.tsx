import { useState } from 'react';
import { ContractRequestsDocument, ContractsDocument } from '../../api/documents/contracts.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { SearchField } from '../../ui/search-field.js';
import { Empty } from '../../ui/states.js';
import { useSettled } from '../../ui/use-settled.js';
import { OperatorAlertTabs } from './alert-tabs.js';
import { ContractRequestRow } from './contract-request-row.js';
import { ImportContractForm } from './import-contract-form.js';
import { OperatorContractRow } from './operator-contract-row.js';

const PAGE_SIZE = 20;

/** Contracts of Plug & Charge of all drivers, and what drivers asked for about them. */
export function OperatorContractsPage() {
  const [shows, setShows] = useState<'requests' | 'contracts'>('requests');
  return (
    <Page
      title="Contracts"
      lead="Plug & Charge: contracts that cars show by themselves. Their numbers stay with Kilowatch."
    >
      <OperatorAlertTabs />
      <div className="filters">
        <div className="segments" role="group" aria-label="What to show">
          <button type="button" aria-pressed={shows === 'requests'} onClick={() => setShows('requests')}>
            Requests
          </button>
          <button type="button" aria-pressed={shows === 'contracts'} onClick={() => setShows('contracts')}>
            Contracts
          </button>
        </div>
      </div>
      {shows === 'requests' ? <Requests /> : <Contracts />}
    </Page>
  );
}

function Requests() {
  const pages = useCursorPages();
  const query = useLiveQuery(ContractRequestsDocument, {
    variables: { first: PAGE_SIZE, after: pages.after, state: 'WAITING' },
    pollMs: 15_000,
  });
  return (
    <PagedList
      query={query}
      list={query.data?.contractRequests}
      pages={pages}
      size={PAGE_SIZE}
      of="requests"
      label="Requests of drivers"
      empty={
        <Empty icon="check" title="No request waits">
          Drivers ask in their account for a contract to be added or removed. What waits for you appears here.
        </Empty>
      }
    >
      {(node) => <ContractRequestRow key={node.id} request={node} onChanged={query.refetch} />}
    </PagedList>
  );
}

function Contracts() {
  const pages = useCursorPages();
  const [text, setText] = useState('');
  const search = useSettled(text.trim(), 300);
  const query = useLiveQuery(ContractsDocument, {
    variables: { first: PAGE_SIZE, after: pages.after, search: search || null, status: null },
    pollMs: 30_000,
  });
  return (
    <>
      <div className="filters">
        <SearchField
          label="Part of a contract number"
          value={text}
          onChange={(value) => {
            setText(value);
            pages.reset();
          }}
        />
      </div>
      <PagedList
        query={query}
        list={query.data?.contracts}
        pages={pages}
        size={PAGE_SIZE}
        of="contracts"
        label="Contracts"
        empty={
          <Empty icon="plug" title={search ? 'No contract has this in its number' : 'No contract yet'}>
            Contracts are added here, by import, or when a driver asks for one.
          </Empty>
        }
      >
        {(node) => <OperatorContractRow key={node.id} contract={node} onChanged={query.refetch} />}
      </PagedList>
      <ImportContractForm onImported={query.refetch} />
    </>
  );
}

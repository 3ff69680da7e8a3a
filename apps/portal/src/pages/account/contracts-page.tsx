import { MyContractRequestsDocument, MyContractsDocument } from '../../api/documents/contracts.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Card, Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { AccountTabs } from './account-tabs.js';
import { AddContractForm } from './add-contract-form.js';
import { ContractRow } from './contract-row.js';
import { MyRequestRow } from './my-request-row.js';

const PAGE_SIZE = 20;

/** Contracts with which the driver's cars pay for themselves, and what was asked for about them. */
export function ContractsPage() {
  const pages = useCursorPages();
  const requestPages = useCursorPages();
  const contracts = useLiveQuery(MyContractsDocument, {
    variables: { first: PAGE_SIZE, after: pages.after },
    pollMs: 30_000,
  });
  const requests = useLiveQuery(MyContractRequestsDocument, {
    variables: { first: PAGE_SIZE, after: requestPages.after },
    pollMs: 15_000,
  });
  const changed = () => {
    contracts.refetch();
    requests.refetch();
  };
  return (
    <Page
      title="Contracts"
      lead="Plug & Charge: the car shows its contract by itself, and you show nothing. Here are the contracts that are on your account."
    >
      <AccountTabs />
      <Card title="Your contracts">
        <PagedList
          query={contracts}
          list={contracts.data?.contracts}
          pages={pages}
          size={PAGE_SIZE}
          of="contracts"
          label="Your contracts"
          rows={2}
          empty={
            <Empty icon="plug" title="No contract yet">
              When your car has a contract for Plug & Charge, ask below for it to be put on your account.
              Cards and this app work meanwhile.
            </Empty>
          }
        >
          {(contract) => <ContractRow key={contract.id} contract={contract} onChanged={changed} />}
        </PagedList>
      </Card>
      <AddContractForm onAsked={changed} />
      <Card title="What you asked for">
        <PagedList
          query={requests}
          list={requests.data?.contractRequests}
          pages={requestPages}
          size={PAGE_SIZE}
          of="requests"
          label="Your requests"
          rows={1}
          empty={
            <Empty icon="check" title="Nothing asked for">
              Requests to add or remove a contract appear here, with what became of them.
            </Empty>
          }
        >
          {(request) => <MyRequestRow key={request.id} request={request} onChanged={changed} />}
        </PagedList>
      </Card>
    </Page>
  );
}

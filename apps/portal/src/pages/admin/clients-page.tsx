import { useState } from 'react';
import { MachineClientsDocument } from '../../api/documents/clients.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Button } from '../../ui/button.js';
import { Page } from '../../ui/page.js';
import { PagedList } from '../../ui/paged-list.js';
import { useCursorPages } from '../../ui/pagination.js';
import { Empty } from '../../ui/states.js';
import { AccessTabs } from './access-tabs.js';
import { ClientForm } from './client-form.js';
import { ClientRow } from './client-row.js';
import { IssuedSecret, type Issued } from './issued-secret.js';

const PAGE_SIZE = 20;

/** Programs that act by themselves, with scopes instead of a role. */
export function ClientsPage() {
  const pages = useCursorPages();
  const [isMaking, setMaking] = useState(false);
  const [issued, setIssued] = useState<Issued>();
  const query = useLiveQuery(MachineClientsDocument, {
    variables: { first: PAGE_SIZE, after: pages.after },
    pollMs: 60_000,
  });
  const show = (next: Issued) => {
    setMaking(false);
    setIssued(next);
    query.refetch();
  };
  return (
    <Page
      title="Machine clients"
      lead="Programs that use the API without a person. Each may what its scopes say, and nothing else."
      actions={
        !isMaking && !issued ? (
          <Button look="primary" onClick={() => setMaking(true)}>
            New client
          </Button>
        ) : undefined
      }
    >
      <AccessTabs />
      {issued && <IssuedSecret issued={issued} onKept={() => setIssued(undefined)} />}
      {isMaking && <ClientForm onIssued={show} onCancel={() => setMaking(false)} />}
      <PagedList
        query={query}
        list={query.data?.machineClients}
        pages={pages}
        size={PAGE_SIZE}
        of="machine clients"
        label="Machine clients"
        rows={5}
        empty={
          <Empty icon="key" title="No machine clients yet">
            Make one for each program, with no more scopes than it needs: then a leaked secret is one to
            revoke.
          </Empty>
        }
      >
        {(node) => <ClientRow key={node.id} client={node} onIssued={show} onChanged={query.refetch} />}
      </PagedList>
    </Page>
  );
}

import { AttemptRulesDocument } from '../../api/documents/incidents.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Page } from '../../ui/page.js';
import { Loaded, Skeleton } from '../../ui/states.js';
import { OperatorAlertTabs } from './alert-tabs.js';
import { AttemptRulesForm } from './attempt-rules-form.js';

/** From when on the attempt monitor tells, for this company. */
export function AttemptRulesPage() {
  const query = useLiveQuery(AttemptRulesDocument, { variables: {}, fallbackPollMs: 0 });
  const rules = query.data?.attemptRules;
  return (
    <Page
      title="What counts as an attempt"
      lead="Too low, and everyday mistakes become incidents; too high, and somebody tries in peace. What is changed counts from the next sign on."
    >
      <OperatorAlertTabs />
      <Loaded
        data={rules}
        error={query.error}
        isLoading={query.isLoading}
        onRetry={query.refetch}
        skeleton={<Skeleton rows={8} />}
      >
        {(held) => <AttemptRulesForm key={JSON.stringify(held)} rules={held} onSaved={query.refetch} />}
      </Loaded>
    </Page>
  );
}

import { useState } from 'react';
import { Card, Page } from '../../ui/page.js';
import { Notice } from '../../ui/states.js';
import { PaymentTermsForm } from '../shared/payment-terms-form.js';
import { PriceTabs } from './price-tabs.js';

/** How drivers pay with whom nothing else is agreed. */
export function DefaultTermsPage() {
  const [said, setSaid] = useState<string>();
  return (
    <Page
      title="Payment terms"
      lead="How everybody pays with whom nothing else is agreed. What is agreed with a person is set under People."
    >
      <PriceTabs />
      {said && <Notice tone="good">{said} It counts from the next start on.</Notice>}
      <Card title="For all">
        <PaymentTermsForm accountId={null} onDone={setSaid} />
      </Card>
    </Page>
  );
}

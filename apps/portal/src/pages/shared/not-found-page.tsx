import { ButtonLink } from '../../ui/button.js';
import { Page } from '../../ui/page.js';
import { Empty } from '../../ui/states.js';

export function NotFoundPage() {
  return (
    <Page title="Page not found">
      <Empty icon="info" title="There is no page at this address">
        <p>It may have moved, or it is for another role.</p>
        <ButtonLink to="/" look="primary">
          Go to the start
        </ButtonLink>
      </Empty>
    </Page>
  );
}

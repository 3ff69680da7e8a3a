import { useQuery } from '@apollo/client/react';
import { Navigate } from 'react-router';
import { AwaitedSessionDocument } from '../../api/documents/start.js';
import { ButtonLink } from '../../ui/button.js';
import { Notice } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';

const PATIENCE_MS = 90_000;
/** Clocks of station and browser differ; an older session on the connector is another one. */
const CLOCK_DOUBT_MS = 120_000;

/** The station accepted; the session is there once the car is plugged in. Leads to it. */
export function AwaitSession({ connectorId, sinceMs }: { connectorId: string; sinceMs: number }) {
  const { data } = useQuery(AwaitedSessionDocument, { fetchPolicy: 'network-only', pollInterval: 1_500 });
  const now = useNow(1_000);
  const session = data?.sessions.edges.find(
    ({ node }) => node.connector?.id === connectorId && Date.parse(node.startedAt) > sinceMs - CLOCK_DOUBT_MS,
  )?.node;
  if (session) return <Navigate replace to={`/sessions/${session.id}`} />;
  return (
    <div className="narrow awaiting">
      <span className="awaiting-mark" aria-hidden="true" />
      <h2 role="status">The station is ready. Plug in your car.</h2>
      <p className="quiet">This page moves on by itself as soon as charging begins.</p>
      {now - sinceMs > PATIENCE_MS && (
        <>
          <Notice tone="warn">
            The car has not started to charge yet. Check the cable at both ends; the station waits a little
            longer.
          </Notice>
          <ButtonLink to="/charging">Back to my charging</ButtonLink>
        </>
      )}
    </div>
  );
}

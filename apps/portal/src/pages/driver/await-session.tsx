import { useQuery } from '@apollo/client/react';
import { Navigate } from 'react-router';
import { AwaitedSessionDocument } from '../../api/documents/start.js';
import { ButtonLink } from '../../ui/button.js';
import { Notice } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';

const PATIENCE_MS = 90_000;

interface AwaitSessionProps {
  readonly connectorId: string;
  readonly sinceMs: number;
  /** Sessions that ran before. Told by id, not by start time: a station's clock may be hours off. */
  readonly earlier: readonly string[];
}

/** The station accepted; the session is there once the car is plugged in. Leads to it. */
export function AwaitSession({ connectorId, sinceMs, earlier }: AwaitSessionProps) {
  const { data } = useQuery(AwaitedSessionDocument, { fetchPolicy: 'network-only', pollInterval: 1_500 });
  const now = useNow(1_000);
  const session = data?.sessions.edges.find(
    ({ node }) => node.connector?.id === connectorId && !earlier.includes(node.id),
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

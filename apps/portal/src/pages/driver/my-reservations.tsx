import { useState } from 'react';
import { useApi } from '../../api/api-context.js';
import {
  CancelReservationDocument,
  MyReservationsDocument,
  type ReservationParts,
} from '../../api/documents/reservations.js';
import { newKey } from '../../api/idempotency-key.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { useTask } from '../../api/use-task.js';
import { Badge } from '../../ui/badge.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { formatTime } from '../../ui/format.js';
import { Card } from '../../ui/page.js';
import { Notice } from '../../ui/states.js';
import { useNow } from '../../ui/use-now.js';
import { cancelRefusalText, openReservations, reservationWord } from '../../words/reservation-words.js';
import { connectorStandardText } from '../../words/session-words.js';

/** More than anybody keeps at once. */
const FIRST = 20;

/** The driver's own that are open, the first to end first. */
export function useOpenReservations(): readonly ReservationParts[] {
  const { data } = useLiveQuery(MyReservationsDocument, { variables: { first: FIRST }, pollMs: 15_000 });
  const now = useNow(15_000);
  return openReservations(data?.myReservations.edges.map(({ node }) => node) ?? [], now);
}

/** What is kept for the driver; nothing where nothing is. */
export function MyReservations() {
  const reservations = useOpenReservations();
  if (reservations.length === 0) return null;
  return (
    <Card title="Reserved for you">
      <ul className="rows">
        {reservations.map((reservation) => (
          <ReservationRow key={reservation.id} reservation={reservation} />
        ))}
      </ul>
    </Card>
  );
}

function ReservationRow({ reservation }: { reservation: ReservationParts }) {
  const { client } = useApi();
  const task = useTask();
  const [asks, setAsks] = useState(false);
  const [idempotencyKey, setKey] = useState(newKey);
  const { id: reservationId, station, connector, expiresAt } = reservation;
  const word = reservationWord(reservation);
  const cancel = () => {
    setAsks(false);
    task.run(async () => {
      const { data } = await client.mutate({
        mutation: CancelReservationDocument,
        variables: { input: { reservationId, idempotencyKey } },
        refetchQueries: [MyReservationsDocument],
      });
      const result = data?.cancelReservation;
      if (result?.__typename !== 'CancellationRefused') return undefined;
      setKey(newKey());
      return cancelRefusalText(result);
    });
  };
  return (
    <li className="row" data-reservation={reservationId}>
      <div className="row-main">
        <p className="row-title">{station.name}</p>
        <p className="quiet">
          {station.location.name}
          {connector && ` · ${connectorStandardText(connector.standard)}`} · until{' '}
          {formatTime(expiresAt, 'date-time')}
        </p>
        {task.problem && <Notice tone="warn">{task.problem}</Notice>}
      </div>
      <Badge tone={word.tone}>{word.text}</Badge>
      <div className="row-actions">
        {connector && (
          <ButtonLink to={`/start?location=${station.location.id}&connector=${connector.id}`} look="primary">
            Start here<span className="visually-hidden">: {station.name}</span>
          </ButtonLink>
        )}
        <Button busy={task.isBusy ? 'Asking the station…' : undefined} onClick={() => setAsks(true)}>
          Give back…<span className="visually-hidden">: {station.name}</span>
        </Button>
      </div>
      {asks && (
        <ConfirmDialog
          title={`Give ${station.name} back?`}
          confirm="Give it back"
          cancel="Keep it"
          onConfirm={cancel}
          onCancel={() => setAsks(false)}
        >
          Others can charge there at once. You pay what the price said of a reservation up to now, if
          anything.
        </ConfirmDialog>
      )}
    </li>
  );
}

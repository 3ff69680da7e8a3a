import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useApi } from '../../api/api-context.js';
import { MyReservationsDocument, ReserveConnectorDocument } from '../../api/documents/reservations.js';
import { newKey } from '../../api/idempotency-key.js';
import { useTask } from '../../api/use-task.js';
import { fieldOf } from '../../ui/field.js';
import { Card } from '../../ui/page.js';
import { TaskForm } from '../../ui/task-form.js';
import { KEPT_MINUTES, lengthText, reserveRefusalText } from '../../words/reservation-words.js';

interface ReserveFormProps {
  readonly connectorId: string;
  /** The price that is shown: the reservation costs what it says. */
  readonly quoteId: string;
  readonly onCancel: () => void;
}

/** Keeps a free connector until the driver is there, at the price that was shown. */
export function ReserveForm({ connectorId, quoteId, onCancel }: ReserveFormProps) {
  const { client } = useApi();
  const navigate = useNavigate();
  const task = useTask();
  const [attempt, setAttempt] = useState<Attempt>();
  const reserve = (form: FormData) =>
    task.run(async () => {
      const minutes = fieldOf(form, 'minutes');
      // An answer that was lost is asked for again: the same key for the same end.
      const wanted = attempt?.minutes === minutes ? attempt : anAttempt(minutes);
      setAttempt(wanted);
      const { expiresAt, idempotencyKey } = wanted;
      const { data } = await client.mutate({
        mutation: ReserveConnectorDocument,
        variables: { input: { connectorId, expiresAt, quoteId, idempotencyKey } },
        refetchQueries: [MyReservationsDocument],
      });
      const result = data?.reserveConnector;
      if (result?.__typename === 'ReservationMade') {
        await navigate('/charging');
        return undefined;
      }
      // The answer is known: what is tried next is another request.
      setAttempt(undefined);
      return result && reserveRefusalText(result);
    });
  return (
    <Card title="Reserve it">
      <TaskForm
        task={task}
        onSubmit={reserve}
        onCancel={onCancel}
        confirm="Reserve"
        busy="Asking the station…"
      >
        <label className="field">
          <span>For how long</span>
          <select name="minutes" defaultValue="30">
            {KEPT_MINUTES.map((minutes) => (
              <option key={minutes} value={minutes}>
                {lengthText(minutes)}
              </option>
            ))}
          </select>
        </label>
        <p className="quiet">
          What a reservation costs is said with the price above; where nothing is said, it costs nothing. One
          that you do not use, or give back, may cost it too.
        </p>
      </TaskForm>
    </Card>
  );
}

interface Attempt {
  readonly minutes: string;
  readonly expiresAt: string;
  readonly idempotencyKey: string;
}

function anAttempt(minutes: string): Attempt {
  const expiresAt = new Date(Date.now() + Number(minutes) * 60_000).toISOString();
  return { minutes, expiresAt, idempotencyKey: newKey() };
}

import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { StopSessionDocument } from '../../api/documents/session.js';
import { errorSentence } from '../../api/error-text.js';
import { newKey } from '../../api/idempotency-key.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { Notice } from '../../ui/states.js';
import { STOP_REQUESTED, stopRefusalText, type Outcome } from '../../words/outcome-words.js';

interface StopControlProps {
  readonly sessionId: string;
  readonly onStopped: () => void;
  readonly onRefresh: () => void;
}

/** Stops the session after one question, and says what became of it. */
export function StopControl({ sessionId, onStopped, onRefresh }: StopControlProps) {
  const [isAsking, setAsking] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const [stop, { loading }] = useMutation(StopSessionDocument);

  const confirm = async () => {
    setAsking(false);
    setOutcome(undefined);
    try {
      const { data } = await stop({ variables: { input: { sessionId, idempotencyKey: newKey() } } });
      const result = data?.stopSession;
      if (result?.__typename === 'StopRefused') {
        setOutcome({ tone: 'warn', text: stopRefusalText(result) });
        if (result.reason === 'ALREADY_ENDED') onRefresh();
      } else {
        setOutcome({ tone: 'good', text: STOP_REQUESTED });
        onStopped();
      }
    } catch (error) {
      setOutcome({ tone: 'bad', text: errorSentence(error) });
    }
  };

  return (
    <div className="stop-control">
      <Button look="danger" busy={loading ? 'Stopping…' : undefined} onClick={() => setAsking(true)}>
        Stop charging
      </Button>
      {outcome && <Notice tone={outcome.tone}>{outcome.text}</Notice>}
      {isAsking && (
        <ConfirmDialog
          title="Stop charging now?"
          confirm="Stop charging"
          cancel="Keep charging"
          danger
          onConfirm={() => void confirm()}
          onCancel={() => setAsking(false)}
        >
          <p>The session ends and its final price is worked out. To go on later you start a new session.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

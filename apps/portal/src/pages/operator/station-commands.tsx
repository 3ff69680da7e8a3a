import { useState } from 'react';
import type { StationParts } from '../../api/documents/stations.js';
import { Button } from '../../ui/button.js';
import { ConfirmDialog } from '../../ui/confirm-dialog.js';
import { Card } from '../../ui/page.js';
import { Notice } from '../../ui/states.js';
import type { ResetKind, StationCommandPort } from './use-station-commands.js';

const RESETS: readonly { kind: ResetKind; text: string; about: string }[] = [
  { kind: 'SOFT', text: 'Restart gently', about: 'Running sessions are ended properly first.' },
  { kind: 'ON_IDLE', text: 'Restart when idle', about: 'Waits until nobody charges (OCPP 2.0.1 stations).' },
  { kind: 'HARD', text: 'Restart at once', about: 'Cuts power now. Running sessions are interrupted.' },
];

interface StationCommandsProps {
  readonly station: StationParts;
  readonly commands: StationCommandPort;
}

/** What an operator can do to the whole station. The outcome is what the station answered, nothing assumed. */
export function StationCommands({ station, commands }: StationCommandsProps) {
  const [isAsking, setAsking] = useState(false);
  const [kind, setKind] = useState<ResetKind>('SOFT');
  const { running, outcome } = commands;
  const isBusy = running !== undefined;
  return (
    <Card title="Commands">
      {!station.online && (
        <p className="quiet">
          The station is offline: a command fails at once. Try again when it has connected.
        </p>
      )}
      <div className="form-actions">
        <Button
          busy={running === 'Reset' ? 'Restarting…' : undefined}
          onClick={() => !isBusy && setAsking(true)}
        >
          Restart…
        </Button>
        <Button disabled={isBusy} onClick={() => commands.setAvailable(false)}>
          Take out of service
        </Button>
        <Button disabled={isBusy} onClick={() => commands.setAvailable(true)}>
          Put into service
        </Button>
      </div>
      {isBusy && <Notice tone="info">{running}: waiting for the station’s answer…</Notice>}
      {outcome && <Notice tone={outcome.tone}>{outcome.text}</Notice>}
      {isAsking && (
        <ConfirmDialog
          title={`Restart ${station.name}?`}
          confirm="Restart"
          danger={kind === 'HARD'}
          onCancel={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            commands.reset(kind);
          }}
        >
          <fieldset className="radio-list">
            <legend className="visually-hidden">How</legend>
            {RESETS.map((reset) => (
              <label key={reset.kind}>
                <input
                  type="radio"
                  name="reset"
                  value={reset.kind}
                  checked={kind === reset.kind}
                  onChange={() => setKind(reset.kind)}
                />
                <span>
                  {reset.text}
                  <span className="quiet">{reset.about}</span>
                </span>
              </label>
            ))}
          </fieldset>
        </ConfirmDialog>
      )}
    </Card>
  );
}

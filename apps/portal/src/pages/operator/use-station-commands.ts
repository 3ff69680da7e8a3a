import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import {
  ChangeAvailabilityDocument,
  ResetStationDocument,
  UnlockConnectorDocument,
  type CommandParts,
} from '../../api/documents/stations.js';
import { errorSentence } from '../../api/error-text.js';
import { newKey } from '../../api/idempotency-key.js';
import { commandOutcome, type Outcome } from '../../words/outcome-words.js';

export type ResetKind = 'SOFT' | 'HARD' | 'ON_IDLE';

export interface Place {
  readonly evseNumber: number;
  readonly connectorNumber: number;
}

export interface StationCommandPort {
  /** Name of the command that waits for the station's answer. */
  readonly running: string | undefined;
  readonly outcome: Outcome | undefined;
  readonly reset: (kind: ResetKind) => void;
  readonly unlock: (place: Place) => void;
  /** Without a place: the whole station. */
  readonly setAvailable: (operative: boolean, place?: Place) => void;
}

/** Commands to one station, one at a time, and what became of the last. */
export function useStationCommands(stationId: string, onChanged: () => void): StationCommandPort {
  const [running, setRunning] = useState<string>();
  const [outcome, setOutcome] = useState<Outcome>();
  const [resetStation] = useMutation(ResetStationDocument);
  const [changeAvailability] = useMutation(ChangeAvailabilityDocument);
  const [unlockConnector] = useMutation(UnlockConnectorDocument);

  const run = async (what: string, send: () => Promise<CommandParts | undefined>) => {
    setOutcome(undefined);
    setRunning(what);
    try {
      const result = await send();
      if (result) setOutcome(commandOutcome(what, result));
      onChanged();
    } catch (error) {
      setOutcome({ tone: 'bad', text: `${what}: ${errorSentence(error)}` });
    } finally {
      setRunning(undefined);
    }
  };
  const about = () => ({ stationId, idempotencyKey: newKey() });

  return {
    running,
    outcome,
    reset: (kind) =>
      void run('Reset', async () => {
        const { data } = await resetStation({ variables: { input: { ...about(), kind } } });
        return data?.resetStation;
      }),
    unlock: (place) =>
      void run(`Unlock point ${place.evseNumber}`, async () => {
        const { data } = await unlockConnector({ variables: { input: { ...about(), ...place } } });
        return data?.unlockConnector;
      }),
    setAvailable: (operative, place) =>
      void run(operative ? 'Put into service' : 'Take out of service', async () => {
        const { data } = await changeAvailability({
          variables: { input: { ...about(), ...place, operative } },
        });
        return data?.changeAvailability;
      }),
  };
}

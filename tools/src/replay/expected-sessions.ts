import { chargerCalls, type RecordedConnection } from './recording.js';

/** What a recording says happened, read off its frames alone: the judge of what Kilowatch stores. */
export interface ExpectedSession {
  readonly station: string;
  readonly startedAt: string;
  /** Undefined when the recording holds no register to tell it from. */
  readonly energyWh: number | undefined;
  readonly ended: boolean;
}

type Payload = Record<string, unknown>;

interface Sample {
  readonly value: string | number;
  readonly context?: string;
  readonly measurand?: string;
  readonly phase?: string;
  readonly unit?: string;
  readonly unitOfMeasure?: { unit?: string; multiplier?: number };
}

export function expectedSessions(connections: readonly RecordedConnection[]): ExpectedSession[] {
  return connections.flatMap((connection) =>
    connection.protocol === 'ocpp1.6' ? sessions16(connection) : sessions2(connection),
  );
}

function sessions16(connection: RecordedConnection): ExpectedSession[] {
  const sessions: ExpectedSession[] = [];
  const open = new Map<unknown, { payload: Payload }>();
  for (const { action, payload, answer } of chargerCalls(connection)) {
    if (action === 'StartTransaction') open.set(answer?.['transactionId'], { payload });
    if (action !== 'StopTransaction') continue;
    const start = open.get(payload['transactionId'])?.payload;
    if (!start) continue;
    open.delete(payload['transactionId']);
    sessions.push({
      station: connection.station,
      startedAt: String(start['timestamp']),
      energyWh: Number(payload['meterStop']) - Number(start['meterStart']),
      ended: true,
    });
  }
  for (const { payload } of open.values()) {
    const startedAt = String(payload['timestamp']);
    sessions.push({ station: connection.station, startedAt, energyWh: undefined, ended: false });
  }
  return sessions;
}

function sessions2(connection: RecordedConnection): ExpectedSession[] {
  const transactions = new Map<
    string,
    { startedAt: string; ended: boolean; registers: [string, number, number][] }
  >();
  let current: string | undefined;
  for (const { action, payload } of chargerCalls(connection)) {
    if (action === 'TransactionEvent') {
      const id = String((payload['transactionInfo'] as { transactionId?: string }).transactionId);
      const held = transactions.get(id);
      if (payload['eventType'] !== 'Started' && !held) continue;
      const transaction = held ?? { startedAt: String(payload['timestamp']), ended: false, registers: [] };
      transactions.set(id, transaction);
      current = payload['eventType'] === 'Ended' ? undefined : id;
      if (payload['eventType'] === 'Ended') transaction.ended = true;
      transaction.registers.push(...registersOf(payload));
    } else if (action === 'MeterValues' && current) {
      // Some chargers send readings beside TransactionEvent while a transaction runs.
      transactions.get(current)?.registers.push(...registersOf(payload));
    }
  }
  return [...transactions.values()].map(({ startedAt, ended, registers }) => ({
    station: connection.station,
    startedAt,
    energyWh: energyOf(registers),
    ended,
  }));
}

const ORDER = { 'Transaction.Begin': 0, 'Transaction.End': 2 } as Record<string, number>;

/** [time, order of context, Wh] of every total import register in the message. */
function registersOf(payload: Payload): [string, number, number][] {
  const values = (payload['meterValue'] ?? []) as { timestamp: string; sampledValue: Sample[] }[];
  return values.flatMap((value) =>
    value.sampledValue
      .filter(
        (s) =>
          (s.measurand ?? 'Energy.Active.Import.Register') === 'Energy.Active.Import.Register' && !s.phase,
      )
      .map((s): [string, number, number] => {
        const kilo = (s.unitOfMeasure?.unit ?? s.unit ?? 'Wh') === 'kWh' ? 1000 : 1;
        const wh = Number(s.value) * kilo * 10 ** (s.unitOfMeasure?.multiplier ?? 0);
        return [value.timestamp, ORDER[s.context ?? ''] ?? 1, wh];
      }),
  );
}

function energyOf(registers: readonly [string, number, number][]): number | undefined {
  if (registers.length < 2) return undefined;
  const sorted = [...registers].sort(([a, x], [b, y]) => Date.parse(a) - Date.parse(b) || x - y);
  return Math.round((sorted[sorted.length - 1]![2] - sorted[0]![2]) * 1000) / 1000;
}

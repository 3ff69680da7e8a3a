import { deviationsOf } from './inbound-check.js';
import { chargerCalls, type RecordedConnection } from './recording.js';

/** What a recording says happened, read off its frames alone: the judge of what Kilowatch stores. */
export interface ExpectedSession {
  readonly station: string;
  readonly startedAt: string;
  /** Undefined when the recording holds no register to tell it from. */
  readonly energyWh: number | undefined;
  readonly ended: boolean;
  /** Kinds of deviations of its readings, where the recording declares them. */
  readonly deviations?: readonly string[];
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
  return connections.every(({ protocol }) => protocol === 'ocpp1.6')
    ? connections.flatMap(sessions16)
    : [
        ...connections.filter(({ protocol }) => protocol === 'ocpp1.6').flatMap(sessions16),
        ...sessions2(connections.filter(({ protocol }) => protocol !== 'ocpp1.6')),
      ];
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

interface Transaction {
  readonly station: string;
  startedAt: string | undefined;
  ended: boolean;
  readonly registers: [string, number, number][];
  readonly deviations: Set<string>;
}

/** A transaction may go on on another connection of its station, and its events come in any order; it counts if its start is told. */
function sessions2(connections: readonly RecordedConnection[]): ExpectedSession[] {
  const transactions = new Map<string, Transaction>();
  /** By station and EVSE: which one runs there. */
  const running = new Map<string, Transaction>();
  for (const connection of connections) {
    const { station } = connection;
    for (const { action, payload } of chargerCalls(connection)) {
      const evse = `${station.toLowerCase()} ${evseOf(payload) ?? ''}`;
      let transaction: Transaction | undefined;
      if (action === 'TransactionEvent') {
        const id = String((payload['transactionInfo'] as { transactionId?: string }).transactionId);
        const key = `${station.toLowerCase()} ${id}`;
        transaction = transactions.get(key) ?? begun(station);
        transactions.set(key, transaction);
        if (payload['eventType'] === 'Started') transaction.startedAt ??= String(payload['timestamp']);
        if (payload['eventType'] === 'Ended') transaction.ended = true;
        if (!transaction.ended) running.set(evse, transaction);
      } else if (action === 'MeterValues') {
        // Some chargers send readings beside TransactionEvent while a transaction runs.
        transaction = running.get(evse) ?? lastRunning(running, station);
        if (transaction?.ended) transaction = undefined;
      }
      if (!transaction) continue;
      const registers = registersOf(payload);
      transaction.registers.push(...registers);
      if (registers.length > 0 && connection.deviations)
        deviationsOf(connection.protocol, action, payload).forEach((kind) =>
          transaction.deviations.add(kind),
        );
    }
  }
  return [...transactions.values()].flatMap(({ station, startedAt, ended, registers, deviations }) =>
    startedAt === undefined
      ? []
      : [{ station, startedAt, energyWh: energyOf(registers), ended, deviations: [...deviations] }],
  );
}

const begun = (station: string): Transaction => ({
  station,
  startedAt: undefined,
  ended: false,
  registers: [],
  deviations: new Set(),
});

function evseOf(payload: Payload): number | undefined {
  const evse = payload['evse'] as { id?: number } | undefined;
  return evse?.id ?? (payload['evseId'] as number | undefined);
}

/** Where the charger names no EVSE, or another one: what began last on the station and runs. */
function lastRunning(running: ReadonlyMap<string, Transaction>, station: string): Transaction | undefined {
  return [...running.values()].findLast((one) => one.station === station && !one.ended);
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
  const sorted = [...registers].sort(
    ([a, x], [b, y]) => Date.parse(zoned(a)) - Date.parse(zoned(b)) || x - y,
  );
  return Math.round((sorted[sorted.length - 1]![2] - sorted[0]![2]) * 1000) / 1000;
}

/** A time without a zone is UTC (quirk Q18). */
function zoned(time: string): string {
  return /(Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time}Z`;
}

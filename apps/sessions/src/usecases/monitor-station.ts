import { Inject, Injectable } from '@nestjs/common';
import { invalid, precondition, type Clock } from '@kilowatch/kernel';
import { children, integer, placeOf, text, type JsonObject, type SettingName } from '@kilowatch/ocpp';
import { CLOCK, type Principal, type Tx } from '@kilowatch/platform';
import { isProtocol16 } from '../domain/charging-state.js';
import { MonitorRepository, type NewMonitor } from '../persistence/monitor.repository.js';
import { rowOfName } from '../persistence/variable-place.js';
import { answerPayload } from './answer-payload.js';
import { OperatedStation } from './operated-station.js';
import { RunCommand, type CommandAnswer } from './run-command.js';

export interface MonitorInput {
  readonly component: string;
  readonly componentInstance?: string | null;
  readonly evseNumber?: number | null;
  readonly connectorNumber?: number | null;
  readonly variable: string;
  readonly instance?: string | null;
  readonly kind: MonitorKind;
  readonly value: number;
  readonly severity: number;
  readonly onlyInTransaction?: boolean | null;
  /** Replaces this monitor instead of making a new one. */
  readonly monitorId?: number | null;
  /** 2.1: values come as a stream (use case N11). */
  readonly stream?: { readonly intervalSeconds?: number | null; readonly values?: number | null } | null;
}

interface StationInput {
  readonly stationId: string;
  readonly idempotencyKey?: string | null;
}

export interface MonitorResult {
  readonly monitorId: number | null;
  readonly status: string;
}

export interface MonitorsAnswer {
  readonly command: CommandAnswer;
  readonly results: readonly MonitorResult[];
}

const KINDS = {
  UPPER_THRESHOLD: 'UpperThreshold',
  LOWER_THRESHOLD: 'LowerThreshold',
  DELTA: 'Delta',
  PERIODIC: 'Periodic',
  PERIODIC_CLOCK_ALIGNED: 'PeriodicClockAligned',
} as const;
export type MonitorKind = keyof typeof KINDS;

const BASES = { ALL: 'All', FACTORY_DEFAULT: 'FactoryDefault', HARD_WIRED_ONLY: 'HardWiredOnly' } as const;
export type MonitoringBase = keyof typeof BASES;

const MOST_MONITORS = 50;

/** Monitors of a 2.x station (use cases N02 to N06): set, cleared and reported by its own answers. */
@Injectable()
export class MonitorStation {
  constructor(
    private readonly stations: OperatedStation,
    private readonly monitors: MonitorRepository,
    private readonly commands: RunCommand,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async setMonitors(
    principal: Principal,
    input: StationInput & { readonly monitors: readonly MonitorInput[] },
  ): Promise<MonitorsAnswer> {
    const protocol = await this.requireMonitored(principal, input);
    requireCount(input.monitors.length);
    input.monitors.forEach(({ severity }) => requireSeverity(severity));
    if (input.monitors.some(({ stream }) => stream) && protocol !== 'ocpp2.1')
      throw precondition('SESSIONS_STREAM_VERSION', 'Only stations of OCPP 2.1 tell streams of events.');
    const setMonitoringData = input.monitors.map(dataOf);
    const command = await this.send(
      principal,
      input,
      'SetVariableMonitoring',
      { setMonitoringData },
      (tx, answer) => this.keep(tx, principal.tenant, input, answer),
    );
    return { command, results: resultsOf(command, 'setMonitoringResult') };
  }

  async clear(
    principal: Principal,
    input: StationInput & { readonly monitorIds: readonly number[] },
  ): Promise<MonitorsAnswer> {
    await this.requireMonitored(principal, input);
    requireCount(input.monitorIds.length);
    const payload = { id: [...input.monitorIds] };
    const command = await this.send(principal, input, 'ClearVariableMonitoring', payload, (tx, answer) => {
      const gone = resultsOf(answer, 'clearMonitoringResult').filter(
        ({ status }) => status === 'Accepted' || status === 'NotFound',
      );
      const ids = gone.flatMap(({ monitorId }) => monitorId ?? []);
      return this.monitors.remove(tx, principal.tenant, input.stationId, ids);
    });
    return { command, results: resultsOf(command, 'clearMonitoringResult') };
  }

  /** N03: FACTORY_DEFAULT and HARD_WIRED_ONLY remove what somebody had set. */
  async setBase(
    principal: Principal,
    input: StationInput & { readonly base: MonitoringBase },
  ): Promise<CommandAnswer> {
    await this.requireMonitored(principal, input);
    const payload = { monitoringBase: BASES[input.base] };
    return this.send(principal, input, 'SetMonitoringBase', payload, async (tx, answer) => {
      if (answer.outcome !== 'ACCEPTED' || input.base === 'ALL') return;
      await this.monitors.removeCustom(tx, principal.tenant, input.stationId);
    });
  }

  /** Events that are less severe than this are not told of. */
  async setLevel(
    principal: Principal,
    input: StationInput & { readonly severity: number },
  ): Promise<CommandAnswer> {
    await this.requireMonitored(principal, input);
    requireSeverity(input.severity);
    return this.send(principal, input, 'SetMonitoringLevel', { severity: input.severity });
  }

  /** All monitors of the station come as a report. */
  async refresh(principal: Principal, input: StationInput): Promise<CommandAnswer> {
    await this.requireMonitored(principal, input);
    const requestId = Math.floor(this.clock.now().getTime() / 1000);
    return this.send(principal, input, 'GetMonitoringReport', { requestId }, undefined, {});
  }

  /** The protocol it speaks. */
  private async requireMonitored(principal: Principal, { stationId }: StationInput): Promise<string> {
    const { protocol } = await this.stations.one(principal, stationId);
    if (isProtocol16(protocol))
      throw precondition('SESSIONS_MONITORING_VERSION', 'Stations of OCPP 1.6 have no monitors.');
    return protocol;
  }

  private async send(
    principal: Principal,
    { stationId, idempotencyKey }: StationInput,
    action: string,
    payload: JsonObject,
    finished: (tx: Tx, answer: CommandAnswer) => Promise<void> = async () => {},
    args: object = { payload },
  ): Promise<CommandAnswer> {
    const body = { raw: { action, payloadJson: JSON.stringify(payload) } };
    return this.commands.run(principal, {
      stationId,
      action,
      args,
      command: () => body,
      finished: async (tx, _auditId, answer) => {
        await finished(tx, answer);
        tx.live('station', stationId);
      },
      ...(idempotencyKey ? { idempotencyKey } : {}),
    });
  }

  private async keep(
    tx: Tx,
    tenant: string,
    { stationId, monitors }: StationInput & { readonly monitors: readonly MonitorInput[] },
    answer: CommandAnswer,
  ): Promise<void> {
    const results = resultsOf(answer, 'setMonitoringResult');
    const set = monitors.flatMap((monitor, i): NewMonitor[] => {
      const { monitorId = null, status = '' } = results[i] ?? {};
      return status === 'Accepted' && monitorId !== null ? [rowOf(monitor, monitorId)] : [];
    });
    await this.monitors.save(tx, tenant, stationId, set, this.clock.now());
  }
}

function requireCount(count: number): void {
  if (count === 0 || count > MOST_MONITORS)
    throw invalid('SESSIONS_MONITOR_COUNT', `Name 1 to ${MOST_MONITORS} monitors.`);
}

function requireSeverity(severity: number): void {
  if (!Number.isInteger(severity) || severity < 0 || severity > 9)
    throw invalid('SESSIONS_MONITOR_SEVERITY', 'A severity is 0 (danger) to 9 (debug).');
}

function nameOf(monitor: MonitorInput): SettingName {
  return {
    component: monitor.component,
    componentInstance: monitor.componentInstance ?? '',
    evseNumber: monitor.evseNumber ?? null,
    connectorNumber: monitor.connectorNumber ?? null,
    variable: monitor.variable,
    instance: monitor.instance ?? '',
  };
}

function dataOf(monitor: MonitorInput): JsonObject {
  const { kind, value, severity, onlyInTransaction, monitorId, stream } = monitor;
  return {
    ...placeOf(nameOf(monitor)),
    type: KINDS[kind],
    value,
    severity,
    ...(onlyInTransaction ? { transaction: true } : {}),
    ...(monitorId === null || monitorId === undefined ? {} : { id: monitorId }),
    ...(stream ? { periodicEventStream: streamParams(stream) } : {}),
  };
}

function streamParams({ intervalSeconds, values }: NonNullable<MonitorInput['stream']>): JsonObject {
  const params = [
    ['interval', intervalSeconds],
    ['values', values],
  ] as const;
  const named = params.filter(([, number]) => number !== null && number !== undefined);
  if (named.length === 0 || named.some(([, number]) => number! < 1))
    throw invalid('SESSIONS_STREAM_PARAMS', 'A stream names seconds, values or both, of 1 or more.');
  return Object.fromEntries(named) as JsonObject;
}

function rowOf(monitor: MonitorInput, monitorId: number): NewMonitor {
  return {
    ...rowOfName(nameOf(monitor)),
    monitor_id: monitorId,
    kind: KINDS[monitor.kind],
    value: String(monitor.value),
    severity: monitor.severity,
    only_in_transaction: monitor.onlyInTransaction === true,
    notification_type: 'CustomMonitor',
  };
}

/** In the order of the request, as the specification wants it. */
function resultsOf({ payloadJson }: CommandAnswer, field: string): MonitorResult[] {
  return children(answerPayload(payloadJson), field).map((result) => ({
    monitorId: integer(result, 'id'),
    status: text(result, 'status') ?? '',
  }));
}

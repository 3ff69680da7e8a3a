import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATION_ACTIONS, TypedOcppSchemas } from '@kilowatch/ocpp';
import * as ocpp21 from 'typed-ocpp/dist/ocpp21/schemas.js';
import { describe, expect, it } from 'vitest';
import { WORKSPACE_ROOT } from '../../workspace-root.js';
import { expectedSessions } from '../expected-sessions.js';
import { inboundProblems } from '../inbound-check.js';
import { chargerCalls, readRecording, type RecordedConnection } from '../recording.js';
import { syntheticRecordings, textOf } from './recordings.js';
import { TOLERATED } from './tolerated.js';

const fileOf = (name: string) => join(WORKSPACE_ROOT, 'e2e/recordings', name);
const names = [...syntheticRecordings().keys()];
const connections = names.flatMap((name) => readRecording(fileOf(name)));
const calls = connections.flatMap((connection) => chargerCalls(connection));

const enumOf = (name: string): string[] =>
  (ocpp21 as unknown as Record<string, { definitions: Record<string, { enum: string[] }> }>)[
    'TransactionEventRequest'
  ]!.definitions[name]!.enum;
const told = (field: (event: Record<string, unknown>) => unknown) =>
  new Set(calls.filter(({ action }) => action === 'TransactionEvent').map(({ payload }) => field(payload)));
const infoOf = (event: Record<string, unknown>) => event['transactionInfo'] as Record<string, unknown>;

describe('the synthetic recordings of OCPP 2.1', () => {
  it.each(names)('%s is what `npm run replay -- --synthesise` writes', (name) => {
    expect(readFileSync(fileOf(name), 'utf8')).toBe(textOf(syntheticRecordings().get(name)!));
  });

  it('say by the letter of the schema what they do not declare as a deviation', () => {
    expect(inboundProblems(connections)).toEqual([]);
    const declared = connections.filter(({ deviations }) => deviations!.length > 0);
    expect(declared.map(({ station }) => station)).toEqual(['SYN21-TOLERATED']);
    expect(TOLERATED).toEqual([...TOLERATED].sort());
  });

  it('answer commands, and are answered, by the letter of the schema', () => {
    const schemas = new TypedOcppSchemas();
    const problems: string[] = [];
    const asked = new Map<string, [action: string, command: boolean]>();
    const check = (action: string, part: 'request' | 'response', payload: unknown) => {
      const checked = schemas.validateOutbound('2.1', action, part, payload as never);
      if (!checked.ok) problems.push(`${part} of ${action}: ${checked.problem.text}`);
    };
    for (const { dir, frame } of connections.flatMap(({ lines }) => lines)) {
      const [type, id, third, payload] = frame!;
      if (type === 2) asked.set(id, [String(third), dir === 'csms->cs']);
      if (type === 2 && dir === 'csms->cs') check(String(third), 'request', payload);
      const [action] = asked.get(id) ?? [];
      if (type === 3 && action !== undefined && !Array.isArray(third)) check(action, 'response', third);
    }
    expect(problems).toEqual([]);
  });

  it('have every reason for an event, for an end, and every charging state', () => {
    expect(
      enumOf('TriggerReasonEnumType').filter((word) => !told((event) => event['triggerReason']).has(word)),
    ).toEqual([]);
    expect(
      enumOf('ReasonEnumType').filter((word) => !told((event) => infoOf(event)['stoppedReason']).has(word)),
    ).toEqual([]);
    expect(
      enumOf('ChargingStateEnumType').filter(
        (word) => !told((event) => infoOf(event)['chargingState']).has(word),
      ),
    ).toEqual([]);
  });

  it('have every message that a station of 2.1 may send', () => {
    const said = new Set(
      connections.flatMap(({ lines }) =>
        lines.flatMap(({ dir, frame }) =>
          dir === 'cs->csms' && (frame?.[0] === 2 || frame?.[0] === 6) ? [frame[2]] : [],
        ),
      ),
    );
    expect([...STATION_ACTIONS['2.1']].filter((action) => !said.has(action))).toEqual([]);
  });

  it('hold sessions whose energy can be told from the frames alone', () => {
    const ofStation = (station: string) =>
      expectedSessions(connections.filter((connection) => connection.station === station)).map(
        ({ energyWh, ended }) => [energyWh, ended],
      );
    expect(ofStation('SYN21-OFFLINE')).toEqual([
      [3_600, true],
      [4_650, true],
    ]);
    expect(ofStation('SYN21-ORDER')).toEqual([
      [1_750, true],
      [1_750, true],
      [1_750, true],
      [999, true],
    ]);
    expect(ofStation('SYN21-EVSES')).toEqual([
      [4_000, true],
      [8_000, true],
      [12_000, true],
    ]);
    expect(ofStation('SYN21-TOLERATED')).toEqual([[1_500, true]]);
    expect(ofStation('SYN21-TRIGGERS')).toHaveLength(23);
  });
});

describe('the judge of what a charger says', () => {
  const heartbeat = (payload: object, deviations: string[]): RecordedConnection[] => [
    {
      station: 'CP-1',
      offered: [],
      protocol: 'ocpp2.1',
      closeCode: undefined,
      deviations,
      lines: [{ id: 'CP-1', dir: 'cs->csms', frame: [2, '1', 'Heartbeat', payload] }],
    },
  ];

  it('finds a deviation that is not declared, and one that is not there', () => {
    expect(inboundProblems(heartbeat({}, []))).toEqual([]);
    expect(inboundProblems(heartbeat({ mine: 1 }, []))).toEqual([
      expect.stringMatching(/have extra_property/),
    ]);
    expect(inboundProblems(heartbeat({}, ['extra_property']))).toEqual(['CP-1: no frame has extra_property']);
  });

  it('finds a frame that cannot be understood', () => {
    const [connection] = heartbeat({}, []);
    const lines = [
      { id: 'CP-1', dir: 'cs->csms' as const, frame: [2, '1', 'TransactionEvent', { seqNo: {} }] as const },
    ];
    expect(inboundProblems([{ ...connection!, lines }])).toEqual([
      expect.stringMatching(/^CP-1 TransactionEvent 1: /),
    ]);
  });
});

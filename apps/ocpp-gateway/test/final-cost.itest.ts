// Real: sockets, Postgres, NATS, gRPC. Played: auth, sessions, metering, billing.
import { sessions } from '@kilowatch/contracts';
import { unavailable } from '@kilowatch/kernel';
import { OcppSocket, type Payload } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GatewayRig } from './gateway-rig.js';

let rig: GatewayRig;
const sockets: OcppSocket[] = [];
beforeAll(async () => {
  rig = await GatewayRig.start({ KW_FINAL_COST_WAIT_MS: '300' });
});
afterAll(() => rig.close());
afterEach(() => {
  rig.peers.reset();
  sockets.splice(0).forEach((socket) => socket.close());
});

const SESSION = '0197f7f0-0000-7000-8000-000000000001';

function sessionsSay(costDisplay: sessions.CostDisplay | undefined): void {
  rig.peers.transaction.does(({ transactionRef }) =>
    sessions.RecordTransactionEventResponse.fromPartial({
      sessionId: SESSION,
      transactionRef: transactionRef || '4711',
      ...(costDisplay ? { costDisplay } : {}),
    }),
  );
}

async function tell(eventType: string, over: Payload = {}, subprotocol = 'ocpp2.0.1') {
  const socket = await rig.connect(rig.provision(), { subprotocols: [subprotocol] });
  sockets.push(socket);
  return socket.call('TransactionEvent', () => ({
    eventType,
    timestamp: new Date().toISOString(),
    triggerReason: 'StopAuthorized',
    seqNo: 2,
    transactionInfo: { transactionId: 'T-1' },
    evse: { id: 1, connectorId: 1 },
    ...over,
  }));
}

describe('the final cost at a station that shows costs', () => {
  it.each(['ocpp2.0.1', 'ocpp2.1'])('comes with the answer to the end (%s)', async (version) => {
    sessionsSay({ currency: 'EUR' });
    rig.peers.finalCost.does(() => ({ total: '3.42' }));
    expect(await tell('Ended', {}, version)).toEqual({ totalCost: 3.42 });
    expect(rig.peers.finalCost.requests).toEqual([{ sessionId: SESSION, currency: 'EUR', waitMs: 300 }]);
  });

  it('says 0 when nothing is to be paid: left out, it would mean that it was not free', async () => {
    sessionsSay({ currency: '' });
    rig.peers.finalCost.does(() => ({ total: '0.00' }));
    expect(await tell('Ended')).toEqual({ totalCost: 0 });
  });

  it('is asked for when the end is recorded, not before', async () => {
    const order: string[] = [];
    rig.peers.transaction.does(({ transactionRef }) => {
      order.push('recorded');
      const costDisplay = { currency: '' };
      return sessions.RecordTransactionEventResponse.fromPartial({
        sessionId: SESSION,
        transactionRef,
        costDisplay,
      });
    });
    rig.peers.finalCost.does(() => {
      order.push('priced');
      return { total: '1.00' };
    });
    await tell('Ended');
    expect(order).toEqual(['recorded', 'priced']);
  });

  it.each([
    ['billing does not know it in time', () => rig.peers.finalCost.does(() => ({ total: undefined }))],
    ['billing is away', () => rig.peers.finalCost.fails(unavailable('BILLING_AWAY', 'away'))],
    ['billing never answers', () => rig.peers.finalCost.does(() => new Promise<never>(() => {}))],
  ])('is left out when %s: the end is on disk and answered', async (_title, play) => {
    sessionsSay({ currency: 'EUR' });
    play();
    expect(await tell('Ended')).toEqual({});
    expect(rig.peers.transaction.requests).toHaveLength(1);
  });

  it('is not asked for by a station that shows none', async () => {
    sessionsSay(undefined);
    expect(await tell('Ended')).toEqual({});
    expect(rig.peers.finalCost.requests).toEqual([]);
  });

  it('is not asked for a running transaction, nor for a queue that was offline', async () => {
    sessionsSay({ currency: 'EUR' });
    await tell('Started');
    await tell('Ended', { offline: true });
    expect(rig.peers.finalCost.requests).toEqual([]);
  });
});

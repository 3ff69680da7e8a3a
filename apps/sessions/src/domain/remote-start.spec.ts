import { describe, expect, it } from 'vitest';
import { aMessage, aRemoteStart, aToken, minutes } from '../../test/transaction-builders.js';
import { isRemoteStartFor, startRefusal } from './remote-start.js';
import { payerOf, preferredPayer } from './payer.js';

const online = { online: true, reserved: 'NOBODY' } as const;

describe('start refusal', () => {
  it.each([
    [{ ...online, online: false, status: 'AVAILABLE' }, 'STATION_OFFLINE'],
    [{ ...online, status: 'FAULTED' }, 'CONNECTOR_FAULTED'],
    [{ ...online, status: 'UNAVAILABLE' }, 'CONNECTOR_FAULTED'],
    [{ ...online, status: 'CHARGING' }, 'CONNECTOR_BUSY'],
    [{ ...online, status: 'RESERVED' }, 'RESERVED'],
    [{ ...online, status: 'RESERVED', reserved: 'SELF' }, undefined],
    [{ ...online, status: 'RESERVED', reserved: 'OTHER' }, 'RESERVED'],
    [{ ...online, status: 'AVAILABLE', reserved: 'OTHER' }, 'RESERVED'],
    [{ ...online, status: 'FAULTED', reserved: 'SELF' }, 'CONNECTOR_FAULTED'],
    [{ ...online, status: 'AVAILABLE' }, undefined],
    [{ ...online, status: 'PREPARING' }, undefined],
    [{ ...online, status: 'UNKNOWN' }, undefined],
    [{ ...online, status: 'FINISHING' }, undefined],
  ] as const)('%o -> %s', (situation, refusal) => {
    expect(startRefusal(situation)).toBe(refusal);
  });
});

describe('matching a start to the request that caused it', () => {
  const message = aMessage({ at: minutes(1), token: aToken('app') });

  it('goes by token and EVSE in 1.6, by id where the station tells it', () => {
    expect(isRemoteStartFor(aRemoteStart(), message, 'app')).toBe(true);
    expect(isRemoteStartFor(aRemoteStart(), { ...message, remoteStartId: 77, evseNumber: 5 }, 'app')).toBe(
      true,
    );
    expect(isRemoteStartFor(aRemoteStart(), { ...message, remoteStartId: 78 }, 'app')).toBe(false);
  });

  it('refuses another token, another EVSE, a late and an offline start', () => {
    expect(isRemoteStartFor(aRemoteStart(), message, 'card')).toBe(false);
    expect(isRemoteStartFor(aRemoteStart(), { ...message, evseNumber: 2 }, 'app')).toBe(false);
    expect(isRemoteStartFor(aRemoteStart(), { ...message, receivedAt: minutes(3) }, 'app')).toBe(false);
    expect(isRemoteStartFor(aRemoteStart(), { ...message, offline: true }, 'app')).toBe(false);
  });
});

describe('a start from before the request', () => {
  // Told after the request: it waited in the queue of a 1.6 station, which has no word for that.
  const begun = (minute: number) => ({ at: minutes(minute), deviceTime: minutes(minute) });
  const queued = aMessage({
    protocol: 'ocpp1.6',
    transactionRef: '',
    ...begun(-180),
    receivedAt: minutes(1),
  });

  it('is not its outcome, by the clock that the station has', () => {
    expect(isRemoteStartFor(aRemoteStart(), queued, 'app')).toBe(false);
    expect(isRemoteStartFor(aRemoteStart(), { ...queued, clockOffsetSeconds: -3_600 }, 'app')).toBe(false);
    // Three hours behind: it has just begun. Three hours ahead: it began long ago.
    expect(isRemoteStartFor(aRemoteStart(), { ...queued, clockOffsetSeconds: -10_860 }, 'app')).toBe(true);
    const ahead = { ...queued, deviceTime: minutes(60), clockOffsetSeconds: 14_400 };
    expect(isRemoteStartFor(aRemoteStart(), ahead, 'app')).toBe(false);
    expect(isRemoteStartFor(aRemoteStart(), { ...queued, ...begun(-0.5) }, 'app')).toBe(true);
  });

  it('is one all the same when the station names the request', () => {
    const named = { ...queued, protocol: 'ocpp2.0.1', remoteStartId: 77 };
    expect(isRemoteStartFor(aRemoteStart(), named, 'app')).toBe(true);
  });

  it('neither takes its quote nor counts as asked for', () => {
    const payer = payerOf({ ...queued, token: aToken('app'), late: true }, [aRemoteStart()]);
    expect(payer).toMatchObject({ quoteId: '', startMethod: 'OFFLINE', remoteStartRef: '' });
  });
});

describe('payer', () => {
  it('brings the accepted quote and COMMAND with a remote start', () => {
    const payer = payerOf(aMessage({ token: aToken('app') }), [aRemoteStart()]);
    expect(payer).toMatchObject({ quoteId: 'quote-1', startMethod: 'COMMAND', remoteStartRef: 'remote-1' });
  });

  it('says OFFLINE for a queued start and RFID otherwise', () => {
    expect(payerOf(aMessage({ token: aToken('a'), offline: true }), [])?.startMethod).toBe('OFFLINE');
    expect(payerOf(aMessage({ token: aToken('a') }), [])?.startMethod).toBe('RFID');
  });

  it('leaves the holder of a refused token out of the bill', () => {
    const payer = payerOf(aMessage({ token: aToken('a', false) }), []);
    expect(payer).toMatchObject({ authorised: false, accountId: '', tokenId: 'token-a' });
  });

  it('is never the token that stops', () => {
    expect(payerOf(aMessage({ kind: 'ENDED', token: aToken('b') }), [])).toBeUndefined();
    const stop = aMessage({ kind: 'UPDATED', trigger: 'StopAuthorized', token: aToken('b') });
    expect(payerOf(stop, [])).toBeUndefined();
  });

  it('is the earliest accepted token, however they arrive', () => {
    const refused = payerOf(aMessage({ token: aToken('a', false) }), []);
    const second = payerOf(aMessage({ token: aToken('b'), at: minutes(1) }), []);
    const third = payerOf(aMessage({ token: aToken('c'), at: minutes(2) }), []);
    expect(preferredPayer(preferredPayer(third, refused), second)).toBe(second);
    expect(preferredPayer(refused, preferredPayer(second, third))).toBe(second);
    expect(preferredPayer(undefined, refused)).toBe(refused);
  });
});

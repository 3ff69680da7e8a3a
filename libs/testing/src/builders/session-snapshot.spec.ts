import { events, sessions } from '@kilowatch/contracts';
import { expect, it } from 'vitest';
import { aSessionSnapshot } from './session-snapshot.js';

it('is a session of its own each time', () => {
  const ids = ['sessionId', 'stationId', 'connectorId', 'tokenId', 'accountId'] as const;
  const [one, another] = [aSessionSnapshot(), aSessionSnapshot()];
  for (const id of ids) expect(one[id]).not.toBe(another[id]);
});

it('is what the test says it is, empty values too', () => {
  expect(aSessionSnapshot({ accountId: '', startedAt: undefined, phases: 1 })).toMatchObject({
    accountId: '',
    startedAt: undefined,
    phases: 1,
  });
});

it('travels in an event whole: a field new in the contract is missing nowhere', () => {
  const session = aSessionSnapshot({ endedAt: new Date('2026-03-01T11:00:00Z') });
  const sent = events.sessionEnded.decode(events.sessionEnded.encode({ meta: undefined, session }));
  expect(sent.session).toEqual(session);
  expect(Object.keys(session).sort()).toEqual(Object.keys(sessions.SessionSnapshot.fromPartial({})).sort());
});

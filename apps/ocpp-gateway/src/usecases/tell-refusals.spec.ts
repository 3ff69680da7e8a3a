import type { ocppGateway } from '@kilowatch/contracts';
import type { Tx } from '@kilowatch/platform';
import { describe, expect, it } from 'vitest';
import type { ConnectionAttempt } from '../persistence/connection-attempt.repository.js';
import { tellRefusals } from './tell-refusals.js';

const AT = new Date('2026-11-29T12:00:00Z');
let ids = 0;

const attempt = (over: Partial<ConnectionAttempt> = {}): ConnectionAttempt => ({
  tenant: 'demo',
  attemptId: `attempt-${++ids}`,
  at: AT,
  lastAt: AT,
  times: 1,
  identity: 'CP-1',
  stationId: null,
  connectionId: null,
  outcome: 'REFUSED',
  reason: 'bad_credentials',
  httpStatus: 401,
  url: '/ocpp/CP-1',
  subprotocols: '',
  protocol: '',
  securityProfile: null,
  tls: '',
  remoteIp: '203.0.113.5',
  userAgent: '',
  ...over,
});

function told(attempts: readonly ConnectionAttempt[]) {
  const published: { tenant?: string; payload: Omit<ocppGateway.ConnectionsRefused, 'meta'> }[] = [];
  const tx = {
    publish: (_type: unknown, event: (typeof published)[number]) => published.push(event),
  } as unknown as Tx;
  const context = { ids: { newId: () => 'id', randomInt31: () => 1, token: () => '' }, firstTenant: 'demo' };
  const untold = tellRefusals(tx, attempts, context);
  return { published, untold };
}

describe('telling of refused connections', () => {
  it('says who they said they were, why they were refused, from where and how often', () => {
    const { published } = told([attempt({ times: 4, attemptId: 'a' })]);
    expect(published.map(({ tenant, payload }) => [tenant, payload.refused])).toEqual([
      [
        'demo',
        [
          {
            attemptId: 'a',
            at: AT,
            times: 4,
            identity: 'CP-1',
            reason: 'bad_credentials',
            remoteIp: '203.0.113.5',
          },
        ],
      ],
    ]);
  });

  it.each([
    ['a certificate that nobody vouches for', { reason: 'client_certificate_untrusted', httpStatus: 403 }, 1],
    ['an identity that nobody has', { reason: 'unknown_station', httpStatus: 404 }, 1],
    ['less security than was set up', { reason: 'profile_mismatch', httpStatus: 403 }, 1],
    [
      'a first request without a password, which is only asked for one',
      { reason: 'profile_mismatch', httpStatus: 401 },
      0,
    ],
    ['a wrong path', { reason: 'no_identity', httpStatus: 404 }, 0],
    ['the pace of arrivals', { reason: 'accept_rate', httpStatus: 503 }, 0],
    ['an accepted connection', { outcome: 'ACCEPTED' as const, reason: '', httpStatus: 101 }, 0],
  ])('of %s', (_what, over, events) => {
    expect(told([attempt(over)]).published).toHaveLength(events);
  });

  it('makes one event for each tenant, and no more than five at a time, the platform’s own first', () => {
    const strangers = Array.from({ length: 20 }, (_, i) => attempt({ tenant: `made-up-${i}` }));
    const { published, untold } = told([...strangers, attempt(), attempt()]);
    expect(published.map(({ tenant }) => tenant)).toHaveLength(5);
    expect(published[0]).toMatchObject({ tenant: 'demo', payload: { refused: [{}, {}] } });
    expect(untold).toBe(16);
  });

  it('names a hundred of them at most', () => {
    const { published, untold } = told(
      Array.from({ length: 130 }, (_, i) => attempt({ identity: `CP-${i}` })),
    );
    expect(published[0]?.payload.refused).toHaveLength(100);
    expect(untold).toBe(30);
  });
});

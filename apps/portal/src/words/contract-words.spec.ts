import { expect, it } from 'vitest';
import {
  certificateText,
  contractPlace,
  contractWord,
  installedText,
  lastUseText,
  proofText,
  requestAdvice,
  requestTitle,
  requestWord,
} from './contract-words.js';

const NOW = Date.parse('2026-11-30T10:00:00Z');
const place = { at: '2026-11-29T10:00:00Z', stationIdentity: 'CP-1', locationName: 'Harbour Garage' };
const request = {
  id: 'r1',
  kind: 'ADD',
  state: 'WAITING',
  masked: 'DE-8AA-****4567',
  name: null,
  note: null,
  createdAt: place.at,
  decidedAt: null,
  reason: null,
  proof: null,
} as const;

it('says where, also of a station that is gone', () => {
  expect(contractPlace(place)).toBe('Harbour Garage, CP-1');
  expect(contractPlace({ stationIdentity: null, locationName: null })).toBe('a station that is gone');
});

it('says what is known of the certificate in the car', () => {
  const good = { serial: '1f', revoked: false };
  expect(certificateText({ certificates: [], validUntil: null }, NOW)).toContain('No car');
  expect(certificateText({ certificates: [good], validUntil: null }, NOW)).toBe(
    'A car has shown its certificate.',
  );
  expect(certificateText({ certificates: [good], validUntil: '2027-05-01T00:00:00Z' }, NOW)).toContain(
    'good until',
  );
  expect(certificateText({ certificates: [good], validUntil: '2026-05-01T00:00:00Z' }, NOW)).toContain(
    'fetch a new one',
  );
  expect(
    certificateText(
      { certificates: [{ ...good, revoked: true }, good], validUntil: '2027-05-01T00:00:00Z' },
      NOW,
    ),
  ).toContain('revoked');
});

it('says where it went into a car and where it was used, or that nobody knows', () => {
  expect(installedText({ installations: [] })).toBeUndefined();
  expect(installedText({ installations: [place] })).toContain('at Harbour Garage, CP-1');
  expect(lastUseText({ lastUse: null })).toBe('Not used yet.');
  expect(lastUseText({ lastUse: place })).toContain('Harbour Garage, CP-1');
});

it('has a word for each state', () => {
  expect((['ACTIVE', 'BLOCKED', 'EXPIRED'] as const).map((status) => contractWord({ status }).text)).toEqual([
    'Active',
    'Blocked',
    'Expired',
  ]);
  expect(
    (['WAITING', 'APPROVED', 'DECLINED', 'WITHDRAWN'] as const).map((state) => requestWord({ state }).tone),
  ).toEqual(['warn', 'good', 'bad', 'quiet']);
});

it('tells drivers what to do about a request, and operators what speaks for it', () => {
  expect(requestTitle(request)).toBe('Add DE-8AA-****4567');
  expect(requestTitle({ ...request, kind: 'REMOVE', name: 'Van' })).toBe('Remove Van (DE-8AA-****4567)');
  expect(requestAdvice(request)).toContain('Plug the car in');
  expect(requestAdvice({ ...request, proof: place })).toContain('seen at Harbour Garage');
  expect(requestAdvice({ ...request, kind: 'REMOVE' })).toContain('block it');
  expect(requestAdvice({ ...request, state: 'DECLINED', reason: 'not yours' })).toContain('not yours');
  expect(requestAdvice({ ...request, state: 'APPROVED' })).toBeUndefined();
  expect(proofText(request)).toContain('No car');
  expect(proofText({ ...request, proof: place })).toContain('Harbour Garage, CP-1');
  expect(proofText({ ...request, kind: 'REMOVE' })).toBeUndefined();
});

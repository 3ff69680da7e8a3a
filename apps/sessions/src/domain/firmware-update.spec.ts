import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FIRMWARE_ENDS,
  firmwareAfter,
  FIRMWARE_PROGRESS,
  firmwareMoves,
  firmwareNews,
  hasFirmwareFailed,
  isFirmwareEnd,
  speaksOf,
  type FirmwareStatus,
} from './firmware-update.js';

const fold = (news: readonly FirmwareStatus[], from: FirmwareStatus = 'REQUESTED') =>
  news.reduce<FirmwareStatus>(firmwareAfter, from);

describe('a firmware update', () => {
  it.each<[string, string[], FirmwareStatus]>([
    ['1.6', ['Downloading', 'Downloaded', 'Installing', 'Installed'], 'INSTALLED'],
    [
      'signed',
      [
        'DownloadScheduled',
        'Downloading',
        'Downloaded',
        'SignatureVerified',
        'InstallScheduled',
        'InstallRebooting',
        'Installed',
      ],
      'INSTALLED',
    ],
    ['with a pause', ['Downloading', 'DownloadPaused', 'Downloading'], 'DOWNLOADING'],
    ['still paused', ['Downloading', 'DownloadPaused'], 'DOWNLOAD_PAUSED'],
    ['failed', ['Downloading', 'DownloadFailed'], 'DOWNLOAD_FAILED'],
    ['forged', ['Downloading', 'Downloaded', 'InvalidSignature'], 'INVALID_SIGNATURE'],
    ['tried again', ['Downloading', 'DownloadFailed', 'Downloading', 'Installed'], 'INSTALLED'],
    ['of which a part got lost', ['Installed'], 'INSTALLED'],
    ['late', ['Installed', 'Downloading', 'Installing'], 'INSTALLED'],
    ['published', ['Downloading', 'Downloaded', 'ChecksumVerified', 'Published'], 'PUBLISHED'],
  ])('%s', (_name, words, end) => {
    expect(fold(words.map((word) => firmwareNews(word)!))).toBe(end);
  });

  it('has a last status that depends on what was told, not on the order or the repetitions', () => {
    const progress = fc.constantFrom<FirmwareStatus>(...FIRMWARE_PROGRESS.slice(1));
    const end = fc.constantFrom<FirmwareStatus>(...FIRMWARE_ENDS);
    const told = fc
      .tuple(fc.array(progress, { maxLength: 6 }), fc.array(end, { minLength: 1, maxLength: 3 }))
      .map(([before, ends]) => [...before, ...ends]);
    const both = told.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 })),
    );
    fc.assert(
      fc.property(both, ([list, shuffled]) => {
        expect(fold(shuffled)).toBe(fold(list));
        expect(isFirmwareEnd(fold(list))).toBe(true);
      }),
    );
  });

  it('has no move back but out of a pause', () => {
    for (const from of firmwareMoves.states) {
      for (const to of firmwareMoves.states) {
        if (!firmwareMoves.canMove(from, to) || !firmwareMoves.canMove(to, from)) continue;
        expect([from, to].sort()).toEqual(['DOWNLOADING', 'DOWNLOAD_PAUSED']);
      }
    }
  });

  it('is nothing to Idle and to words of nobody', () => {
    for (const word of ['Idle', '', 'Reticulating', 'constructor'])
      expect(firmwareNews(word)).toBeUndefined();
  });

  it('fails with every end but success and replacement', () => {
    expect(FIRMWARE_ENDS.filter(hasFirmwareFailed)).toEqual([
      'REFUSED',
      'DOWNLOAD_FAILED',
      'INVALID_SIGNATURE',
      'INVALID_CHECKSUM',
      'INSTALLATION_FAILED',
      'INSTALL_VERIFICATION_FAILED',
      'PUBLISH_FAILED',
    ]);
    expect(FIRMWARE_PROGRESS.some(hasFirmwareFailed)).toBe(false);
  });
});

describe('a status without a request id', () => {
  const AT = new Date('2026-03-01T12:00:00Z');
  const ago = (minutes: number) => new Date(AT.getTime() - minutes * 60_000);

  it.each<[FirmwareStatus, number, FirmwareStatus, boolean]>([
    ['DOWNLOADING', 600, 'INSTALLED', true],
    ['INSTALLED', 10, 'DOWNLOADING', true],
    ['INSTALLED', 600, 'DOWNLOADING', false],
    ['INSTALLED', 600, 'INSTALLED', true],
  ])('of an update that is %s since %d minutes: %s speaks of it: %s', (status, minutes, news, meant) => {
    expect(speaksOf({ status, updatedAt: ago(minutes) }, news, AT)).toBe(meant);
  });
});

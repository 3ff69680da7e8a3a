import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOG_STATUSES, logAfter, logNews, type LogStatus } from './log-request.js';

const fold = (news: readonly LogStatus[]) => news.reduce<LogStatus>(logAfter, 'REQUESTED');

describe('a log that was asked for', () => {
  it.each<[string, LogStatus | undefined]>([
    ['Uploading', 'UPLOADING'],
    ['Uploaded', 'UPLOADED'],
    ['UploadFailure', 'FAILED'],
    ['BadMessage', 'FAILED'],
    ['NotSupportedOperation', 'FAILED'],
    ['PermissionDenied', 'FAILED'],
    ['AcceptedCanceled', 'CANCELLED'],
    ['Idle', undefined],
    ['toString', undefined],
  ])('%s means %s', (word, news) => {
    expect(logNews(word)).toBe(news);
  });

  it('Q51: a flood of Uploading says it once', () => {
    expect(fold(Array.from({ length: 50 }, () => 'UPLOADING' as const))).toBe('UPLOADING');
  });

  it('is there when it is here, whatever the station says of it', () => {
    expect(fold(['ACCEPTED', 'UPLOADING', 'FAILED', 'RECEIVED', 'FAILED', 'UPLOADED'])).toBe('RECEIVED');
  });

  it('ends the same in any order, however often it is told', () => {
    const told = fc.array(fc.constantFrom<LogStatus>(...LOG_STATUSES.slice(1)), {
      minLength: 1,
      maxLength: 8,
    });
    const both = told.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 })),
    );
    fc.assert(
      fc.property(both, ([list, shuffled]) => {
        expect(fold(shuffled)).toBe(fold(list));
      }),
    );
  });
});

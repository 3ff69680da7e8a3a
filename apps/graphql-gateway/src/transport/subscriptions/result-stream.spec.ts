import { describe, expect, it, vi } from 'vitest';
import { ResultStream } from './result-stream.js';

const result = (n: number) => ({ data: { n } });

describe('ResultStream', () => {
  it('keeps only the latest for a slow reader', async () => {
    const stream = new ResultStream(1, () => {});
    for (const n of [1, 2, 3]) stream.push(result(n));
    expect(await stream.next()).toEqual({ value: result(3), done: false });
  });

  it('keeps as many as it holds, the oldest giving way', async () => {
    const stream = new ResultStream(2, () => {});
    for (const n of [1, 2, 3]) stream.push(result(n));
    expect([await stream.next(), await stream.next()].map(({ value }) => value)).toEqual([
      result(2),
      result(3),
    ]);
  });

  it('hands a result to a reader that waits', async () => {
    const stream = new ResultStream(1, () => {});
    const next = stream.next();
    stream.push(result(1));
    expect(await next).toEqual({ value: result(1), done: false });
  });

  it('ends a reader that waits when it is returned, and tells once', async () => {
    const ended = vi.fn();
    const stream = new ResultStream(1, ended);
    const next = stream.next();
    await stream.return();
    await stream.return();
    expect(await next).toEqual({ value: undefined, done: true });
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it('gives what waits before its error, then ends', async () => {
    const stream = new ResultStream(1, () => {});
    stream.push(result(1));
    stream.fail(new Error('gone'));
    stream.push(result(2));
    expect((await stream.next()).value).toEqual(result(1));
    await expect(stream.next()).rejects.toThrow('gone');
    expect((await stream.next()).done).toBe(true);
  });

  it('rejects a reader that waits when it fails', async () => {
    const stream = new ResultStream(1, () => {});
    const next = stream.next();
    stream.fail(new Error('gone'));
    await expect(next).rejects.toThrow('gone');
    expect(stream.ended).toBe(true);
  });
});

import { describe, expect, it, vi } from 'vitest';
import { UnderWay } from './under-way.js';

interface Job {
  readonly work: Promise<string>;
  readonly end: (value: string) => void;
  readonly fail: (error: Error) => void;
}

function aJob(): Job {
  let end!: Job['end'];
  let fail!: Job['fail'];
  const work = new Promise<string>((resolve, reject) => ([end, fail] = [resolve, reject]));
  return { work, end, fail };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('work under way', () => {
  it('is joined by no more than there is room for, and by nothing where there is none', async () => {
    const underWay = new UnderWay();
    const take = vi.fn((room: number) => Promise.resolve(Array.from({ length: room }, (_, i) => i)));
    expect(await underWay.atMost(3, 2, take)).toEqual([0, 1]);
    void underWay.add(aJob().work);
    void underWay.add(aJob().work);
    expect(await underWay.atMost(3, 2, take)).toEqual([0]);
    void underWay.add(aJob().work);
    expect(await underWay.atMost(3, 2, take)).toEqual([]);
    expect(take).toHaveBeenCalledTimes(2);
  });

  it('is counted until it ends, whichever way', async () => {
    const underWay = new UnderWay();
    const [one, other] = [aJob(), aJob()];
    void underWay.add(one.work);
    underWay.add(other.work).catch(() => undefined);
    expect(underWay.size).toBe(2);
    one.end('done');
    await turn();
    expect(underWay.size).toBe(1);
    other.fail(new Error('broken'));
    await turn();
    expect(underWay.size).toBe(0);
  });

  it('tells its beginner how it ended', async () => {
    const underWay = new UnderWay();
    const [one, other] = [aJob(), aJob()];
    const [ended, failed] = [underWay.add(one.work), underWay.add(other.work)];
    one.end('done');
    other.fail(new Error('broken'));
    await expect(ended).resolves.toBe('done');
    await expect(failed).rejects.toThrow('broken');
  });

  it('that fails ends no process when its beginner does not listen', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const job = aJob();
    void new UnderWay().add(job.work);
    job.fail(new Error('broken'));
    await turn();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('is waited for, that which began meanwhile included', async () => {
    const underWay = new UnderWay();
    const [one, other] = [aJob(), aJob()];
    let idle = false;
    void underWay.add(one.work);
    const waiting = underWay.idle().then(() => (idle = true));
    void underWay.add(other.work);
    one.fail(new Error('broken'));
    await turn();
    expect(idle).toBe(false);
    other.end('done');
    await waiting;
    expect(underWay.size).toBe(0);
  });

  it('is not waited for when there is none', async () => {
    await expect(new UnderWay().idle()).resolves.toBeUndefined();
  });
});

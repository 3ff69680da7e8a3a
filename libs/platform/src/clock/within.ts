/**
 * What `work` gives; or, when it is not done after `ms` milliseconds, what `late` gives or throws. The work itself goes on, nobody
 * hears any more how it ends. No timer stays behind, whichever way it ends.
 */
export async function within<T, Late>(work: Promise<T>, ms: number, late: () => Late): Promise<T | Late> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    return await Promise.race([work, over.then(late)]);
  } finally {
    clearTimeout(timer);
  }
}

export interface WaitOptions {
  /** Gives up after this many milliseconds (default 30,000: the machine may be busy). */
  timeoutMs?: number;
  /** Time between two attempts (default 20 ms). */
  everyMs?: number;
}

/**
 * Waits until `condition` returns something other than `undefined`, `null` or `false`, and returns that.
 * An error thrown by the condition counts as "not yet"; the last one is the cause of the final failure.
 */
export async function waitFor<T>(
  what: string,
  condition: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<NonNullable<T>> {
  const timeoutMs = options.timeoutMs ?? 30_000;
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value !== undefined && value !== null && value !== false) return value;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`waited ${timeoutMs} ms in vain for ${what}`, { cause: lastError });
    }
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 20));
  }
}

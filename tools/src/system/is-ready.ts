/** What the readiness probe of a service on this port says. */
export async function isReady(port: number | undefined): Promise<boolean> {
  try {
    const url = `http://127.0.0.1:${port}/health/ready`;
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

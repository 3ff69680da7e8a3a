/**
 * Refuses web pages that reach for the charger port with a visitor's network position (cross-site WebSocket hijacking).
 * `Origin` alone is no sign of a browser: libocpp and openocpp send it too (docs/ocpp-notes.md section 5). A browser is
 * known by what a page cannot suppress: its Sec-Fetch-* headers or a Mozilla user agent.
 */
export interface OriginHeaders {
  readonly origin?: string | undefined;
  readonly 'user-agent'?: string | undefined;
  readonly 'sec-fetch-mode'?: string | string[] | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
}

/** True when the request comes from a web page of another host than `publicHost`. */
export function isForeignBrowser(headers: OriginHeaders, publicHost: string): boolean {
  if (!isBrowser(headers)) return false;
  const { origin } = headers;
  if (origin === undefined) return false;
  const host = hostOf(origin);
  // `null` origins (sandboxed frames, file pages) and extensions have no host of ours either.
  return host === undefined || publicHost === '' || host.toLowerCase() !== publicHost.toLowerCase();
}

function isBrowser(headers: OriginHeaders): boolean {
  return (
    headers['sec-fetch-mode'] !== undefined ||
    headers['sec-fetch-site'] !== undefined ||
    /^Mozilla\/\d/.test(headers['user-agent'] ?? '')
  );
}

function hostOf(origin: string): string | undefined {
  if (!/^https?:\/\//i.test(origin) || !URL.canParse(origin)) return undefined;
  return new URL(origin).hostname;
}

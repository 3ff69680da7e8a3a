import type { Token } from './dialect.js';
import type { Answer, Payload } from './ocpp-socket.js';

export interface TokenMemoryOptions {
  /** Absent: it keeps no local list. */
  list?: { maxEntries: number; itemsPerMessage: number; bytesPerMessage?: number; expiry?: boolean };
  cache?: boolean;
}

interface Held {
  readonly token: Token;
  readonly status: string;
  readonly until: Date | undefined;
}

type Version = '1.6' | '2.0.1';

/** What a charger knows of tokens without asking: a local list with the limits of a small one, and a cache (OCPP 2.0.1 C10, D01). */
export class TokenMemory {
  /** As it is; 0 = empty. */
  version = 0;
  readonly list = new Map<string, Held>();
  readonly cache = new Map<string, Held>();
  /** Words it answers the next SendLocalLists with, whatever they say. */
  readonly refusals: string[] = [];
  /** SendLocalLists it took, in their order. */
  readonly taken: { updateType: string; version: number; entries: number }[] = [];
  cacheRefuses = false;

  constructor(
    private readonly ocpp: Version,
    private readonly options: TokenMemoryOptions,
  ) {}

  /** Settings that say what it can do, as `Component.Variable` or keys of 1.6; `#MaxSet` marks an attribute. */
  settings(): [string, string][] {
    const { list, cache = false } = this.options;
    if (this.ocpp === '1.6') {
      const ofList: [string, string][] = list
        ? [
            ['LocalAuthListEnabled', 'true'],
            ['LocalAuthListMaxLength', String(list.maxEntries)],
            ['SendLocalListMaxLength', String(list.itemsPerMessage)],
          ]
        : [];
      return [...ofList, ['AuthorizationCacheEnabled', String(cache)]];
    }
    const ofList: [string, string][] = list
      ? [
          ['LocalAuthListCtrlr.Available', 'true'],
          ['LocalAuthListCtrlr.Enabled', 'true'],
          ['LocalAuthListCtrlr.Entries', '0'],
          ['LocalAuthListCtrlr.Entries#MaxSet', String(list.maxEntries)],
          ['LocalAuthListCtrlr.ItemsPerMessage', String(list.itemsPerMessage)],
          ['LocalAuthListCtrlr.SupportsExpiryDateTime', String(list.expiry ?? false)],
        ]
      : [];
    if (list?.bytesPerMessage !== undefined)
      ofList.push(['LocalAuthListCtrlr.BytesPerMessage', String(list.bytesPerMessage)]);
    return [...ofList, ['AuthCacheCtrlr.Enabled', String(cache)]];
  }

  /** Undefined: not a command about tokens. */
  command(action: string, payload: Payload): Answer | undefined {
    switch (action) {
      case 'GetLocalListVersion':
        return this.versionAnswer();
      case 'SendLocalList':
        return { result: { status: this.refusals.shift() ?? this.take(payload) } };
      case 'ClearCache':
        if (this.cacheRefuses || !this.options.cache) return { result: { status: 'Rejected' } };
        this.cache.clear();
        return { result: { status: 'Accepted' } };
      default:
        return undefined;
    }
  }

  /** A restart that does not keep the list, or a factory reset. */
  forget(): void {
    this.version = 0;
    this.list.clear();
    this.cache.clear();
  }

  /** The CSMS said this about a token. */
  learn(token: Token, answer: Payload): void {
    if (!this.options.cache) return;
    const info = (answer.idTagInfo ?? answer.idTokenInfo) as Payload | undefined;
    if (info) this.cache.set(folded(token.value), heldOf(token, info));
  }

  /** Would it start for this token without a connection? The list is asked before the cache. */
  acceptsOffline(token: Token, at: Date): boolean {
    const key = folded(token.value);
    const held = this.list.get(key) ?? this.cache.get(key);
    return held?.status === 'Accepted' && (held.until === undefined || held.until > at);
  }

  private versionAnswer(): Answer {
    const { list } = this.options;
    if (this.ocpp === '1.6') return { result: { listVersion: list ? this.version : -1 } };
    return list ? { result: { versionNumber: this.version } } : { error: 'NotSupported' };
  }

  private take(payload: Payload): string {
    const { list: limits } = this.options;
    if (!limits) return this.ocpp === '1.6' ? 'NotSupported' : 'Failed';
    const entries = (payload.localAuthorizationList ?? []) as Payload[];
    const version = Number(payload.listVersion ?? payload.versionNumber);
    const isFull = payload.updateType === 'Full';
    if (!isFull && version <= this.version) return 'VersionMismatch';
    if (
      entries.length > limits.itemsPerMessage ||
      JSON.stringify(payload).length > (limits.bytesPerMessage ?? Infinity)
    )
      return 'Failed';
    const next = isFull ? new Map<string, Held>() : new Map(this.list);
    const named = new Set<string>();
    for (const entry of entries) {
      const token = tokenOf(entry);
      const key = folded(token.value);
      if (named.has(key)) return 'Failed';
      named.add(key);
      const info = (entry.idTagInfo ?? entry.idTokenInfo) as Payload | undefined;
      if (info) next.set(key, heldOf(token, info));
      else next.delete(key);
    }
    if (next.size > limits.maxEntries) return 'Failed';
    this.list.clear();
    next.forEach((held, key) => this.list.set(key, held));
    this.version = version;
    this.taken.push({ updateType: String(payload.updateType), version, entries: entries.length });
    return 'Accepted';
  }
}

function tokenOf(entry: Payload): Token {
  if (typeof entry.idTag === 'string') return { value: entry.idTag };
  const { idToken, type } = entry.idToken as { idToken: string; type: string };
  return { value: idToken, type };
}

function heldOf(token: Token, info: Payload): Held {
  const until = info.expiryDate ?? info.cacheExpiryDateTime;
  return { token, status: String(info.status), until: until ? new Date(String(until)) : undefined };
}

/** Chargers compare without case (C01.FR.25). */
function folded(value: string): string {
  return value.toUpperCase();
}

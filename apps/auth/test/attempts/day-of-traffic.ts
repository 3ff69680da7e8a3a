import type { AttemptEvent, DecisionMade, Place } from '../../src/domain/attempts/attempt-event.js';
import { distanceKm } from '../../src/domain/attempts/distance.js';

/**
 * A day at 500 stations of 120 sites in which nobody means harm: drivers with one card or two, fleets that share cards, cards read wrongly and
 * shown again, expired cards, apps, cars that say their address, contracts with and without a root that we have, stations that were
 * offline, and all of them coming back at once.
 */
const STATIONS = 500;
const SITES = 120;
const DRIVERS = 2_500;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-03-02T00:00:00Z');

interface Station extends Place {
  readonly latitude: number;
  readonly longitude: number;
  readonly fast: boolean;
  readonly mobile: boolean;
  generation: number;
}

interface Card {
  readonly hash: string;
  readonly type: string;
  readonly shared: boolean;
  readonly random?: boolean;
}

export function dayOfTraffic(seed: number): AttemptEvent[] {
  const random = randomFrom(seed);
  return new Day(random).events.sort((a, b) => a.at - b.at);
}

class Day {
  readonly events: AttemptEvent[] = [];
  private readonly stations: Station[] = [];
  private readonly offline = new Map<string, readonly [from: number, until: number]>();
  private readonly arrivals = new Map<string, readonly number[]>();

  constructor(private readonly random: () => number) {
    this.build();
    for (let i = 0; i < STATIONS; i++) if (this.chance(0.06)) this.goOffline(this.stations[i]!);
    for (let driver = 0; driver < DRIVERS; driver++) this.drive(driver);
    for (let fleet = 0; fleet < 10; fleet++) this.shareCards(fleet);
    for (const station of this.stations) this.connections(station);
    this.strangers();
  }

  private build(): void {
    const sites = Array.from({ length: SITES }, (_, i) => ({
      siteId: `site-${i}`,
      latitude: 50.8 + this.random() * 2.6,
      longitude: 3.6 + this.random() * 3.4,
    }));
    for (let i = 0; i < STATIONS; i++) {
      const site = sites[Math.floor(this.random() * SITES)]!;
      const fast = this.chance(0.2);
      this.stations.push({
        stationId: `station-${i}`,
        ...site,
        fast,
        mobile: this.chance(0.5),
        generation: 1,
      });
    }
  }

  private goOffline({ stationId }: Station): void {
    const from = START + this.random() * 18 * HOUR;
    this.offline.set(stationId, [from, from + (1 + this.random() * 4) * HOUR]);
  }

  /** One to four sessions, each at a place that can be reached from the one before. */
  private drive(driver: number): void {
    const contract = this.chance(0.1);
    const cards: Card[] = Array.from({ length: this.chance(0.3) ? 2 : 1 }, (_, i) => ({
      hash: `driver-${driver}-${i}`,
      type: contract ? 'eMAID' : 'ISO14443',
      shared: false,
    }));
    let at = START + (5 + this.random() * 14) * HOUR;
    let here = this.anyStation();
    for (let session = 0; session < 1 + Math.floor(this.random() * 3) && at < START + 23 * HOUR; session++) {
      const card = cards[Math.floor(this.random() * cards.length)]!;
      at = this.charge(card, here, at) + this.random() * HOUR;
      const next = this.chance(0.5) ? this.neighbourOf(here) : this.anyStation();
      // On roads, at 120 km/h at most: never faster than that as the crow flies.
      at += (distanceKm(here, next) / 110) * HOUR + MINUTE;
      here = next;
    }
  }

  /** Returns when the car is unplugged. */
  private charge(card: Card, station: Station, arrival: number): number {
    let at = arrival;
    // Somebody else is there already.
    const arrivals = this.arrivals.get(station.stationId) ?? [];
    if (arrivals.some((other) => Math.abs(other - at) < 15 * MINUTE)) return at;
    this.arrivals.set(station.stationId, [...arrivals, at]);
    const until = at + (0.3 + this.random() * 3) * HOUR;
    const [from, back] = this.offline.get(station.stationId) ?? [0, 0];
    if (at >= from && at < back) {
      this.decide(card, station, at, { purpose: 'START', live: false });
      if (this.chance(0.05)) this.unknownOffline(station, at + 5 * MINUTE);
      return until;
    }
    if (station.fast)
      this.decide({ hash: `mac-${card.hash}`, type: 'MacAddress', shared: false }, station, at, UNKNOWN);
    if (this.chance(0.02)) at = this.misread(station, at);
    if (this.chance(0.01)) return this.expired(card, station, at);
    if (this.chance(0.01)) this.decide({ ...card, hash: '', type: 'NoAuthorization' }, station, at, BUTTON);
    if (card.type === 'eMAID' && this.chance(0.02)) this.decide(card, station, at, NO_ROOT);
    if (this.chance(0.15)) {
      this.decide({ hash: `app-${card.hash}`, type: 'Central', shared: false }, station, at + 9_000, {
        purpose: 'START',
      });
      return until;
    }
    this.decide(card, station, at, {});
    if (this.chance(0.05)) this.decide(card, station, at + 8_000, {});
    this.decide(card, station, at + 15_000, { purpose: 'START' });
    // The card once more, at the plug beside: they forgot that it charges already.
    if (this.chance(0.02))
      this.decide(card, this.neighbourOf(station), at + MINUTE, { ...BUSY, openPlaces: [station] });
    this.decide(card, station, until, { purpose: 'STOP' });
    return until;
  }

  /** A card held badly gives one or two wrong numbers; a phone in front of it another one each time. */
  private misread(station: Station, at: number): number {
    const random = this.chance(0.3);
    const times = 1 + Math.floor(this.random() * (random ? 8 : 3));
    for (let i = 0; i < times; i++) {
      const hash = `misread-${this.events.length}-${random ? i : i % 2}`;
      const next = random ? [] : [`next-${hash}`];
      this.decide({ hash, type: 'ISO14443', shared: false, random }, station, at + i * 7_000, {
        ...UNKNOWN,
        nextUidHashes: next,
      });
    }
    return at + times * 7_000;
  }

  /** Tried twice here, once next door, and given up. */
  private expired(card: Card, station: Station, at: number): number {
    const old = { ...card, hash: `old-${card.hash}`, type: 'ISO14443' };
    this.decide(old, station, at, EXPIRED);
    this.decide(old, station, at + 20_000, EXPIRED);
    this.decide(old, this.neighbourOf(station), at + 3 * MINUTE, EXPIRED);
    return at + 5 * MINUTE;
  }

  private unknownOffline(station: Station, at: number): void {
    const token: Card = { hash: `offline-${this.events.length}`, type: 'ISO14443', shared: false };
    this.decide(token, station, at, { ...UNKNOWN, purpose: 'START', live: false });
    const { stationId } = station;
    const session = { sessionId: `session-${at}`, tokenMasked: '****', tokenId: '', energyWh: 0 };
    this.events.push({
      kind: 'energy',
      id: `energy-${at}`,
      at,
      place: station,
      ...session,
      stationId,
    } as AttemptEvent);
  }

  /** Vans of one company, all with copies of one card. */
  private shareCards(fleet: number): void {
    const card: Card = { hash: `fleet-${fleet}`, type: 'ISO14443', shared: true };
    for (let i = 0; i < 40; i++) {
      const at = START + this.random() * 23 * HOUR;
      this.decide(card, this.anyStation(), at, {});
      this.decide(card, this.anyStation(), at + 15_000, { purpose: 'START' });
    }
  }

  /** Three storms, in which half of the sockets were never told to have ended, and mobile ones that come and go. */
  private connections(station: Station): void {
    for (const hour of [3, 9, 15])
      this.reconnect(station, START + hour * HOUR + this.random() * MINUTE, this.chance(0.5));
    const times = station.mobile ? Math.floor(this.random() * 12) : 0;
    for (let i = 0; i < times; i++) this.reconnect(station, START + (10 + i / 3) * HOUR, this.chance(0.5));
  }

  private reconnect(station: Station, at: number, silent: boolean): void {
    const { stationId, generation, mobile } = station;
    const end = {
      kind: 'disconnected',
      id: `end-${stationId}-${generation}`,
      at: at - 3_000,
      stationId,
      generation,
    } as const;
    if (!silent) this.events.push({ ...end, address: '' });
    station.generation += 1;
    const number = Number(stationId.slice(8));
    // A mobile provider gives another address of its own each time.
    const host = mobile
      ? `${Math.floor(this.random() * 255)}.${Math.floor(this.random() * 255)}`
      : `0.${number % 255}`;
    const address = `${mobile ? '198.51' : '203.0'}.${host}`;
    const id = `begin-${stationId}-${station.generation}`;
    this.events.push({ kind: 'connected', id, at, stationId, generation: station.generation, address });
  }

  /** A station before its import, and some that were given a wrong password and then the right one. */
  private strangers(): void {
    for (let i = 0; i < 60; i++)
      this.refuse('NEW-STATION', 'unknown_station', START + 9 * HOUR + i * MINUTE, '192.0.2.9');
    for (let i = 0; i < 20; i++) {
      const at = START + this.random() * 20 * HOUR;
      for (let attempt = 0; attempt < 1 + (i % 4); attempt++)
        this.refuse(`CP-${i}`, 'bad_credentials', at + attempt * 30_000, '192.0.2.10');
    }
  }

  private refuse(identity: string, reason: string, at: number, address: string): void {
    this.events.push({
      kind: 'refused',
      id: `refused-${this.events.length}`,
      at,
      identity,
      stationId: '',
      reason,
      address,
      times: 1,
    });
  }

  private decide(card: Card, place: Place, at: number, over: Partial<DecisionMade>): void {
    const id = `decision-${this.events.length}`;
    const token = { random: false, ...card, masked: '****', id: over.status === 'UNKNOWN' ? '' : card.hash };
    this.events.push({
      kind: 'decision',
      id,
      at,
      place,
      evseNumber: 1,
      token,
      purpose: 'AUTHORIZE',
      status: 'ACCEPTED',
      reason: 'token_active',
      live: true,
      nextUidHashes: [],
      openPlaces: [],
      certificateStatus: card.type === 'eMAID' ? 'Accepted' : '',
      certificateSerial: '',
      contractUnverified: false,
      unannounced: false,
      ...over,
    });
  }

  private anyStation(): Station {
    return this.stations[Math.floor(this.random() * STATIONS)]!;
  }

  private neighbourOf({ siteId }: Station): Station {
    const near = this.stations.filter((station) => station.siteId === siteId);
    return near[Math.floor(this.random() * near.length)]!;
  }

  private chance(share: number): boolean {
    return this.random() < share;
  }
}

const UNKNOWN = { status: 'UNKNOWN', reason: 'token_unknown' } as const;
const EXPIRED = { status: 'EXPIRED', reason: 'token_expired' } as const;
const BUTTON = { status: 'INVALID', reason: 'start_button_is_off' } as const;
const BUSY = { status: 'CONCURRENT_TX', reason: 'session_open_elsewhere' } as const;
const NO_ROOT = {
  status: 'INVALID',
  reason: 'chain_root_unknown',
  certificateStatus: 'CertChainError',
} as const;

/** mulberry32: the same seed is the same day. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

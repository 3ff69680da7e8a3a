import type { JsonObject, OcppVersion } from '@kilowatch/ocpp';
import type { GraphqlClient } from '../client/graphql-client.js';
import { DEMO_PASSWORD, DEMO_STATION_PASSWORD } from '../seed/demo-data.js';
import { Deviation, equals, holds } from './judge.js';
import { mutate, PlatformView, type CommandResult } from './platform-view.js';
import type { Reply, Responder } from './reply.js';
import type { TlsDoors } from './tls-doors.js';
import { ScriptedStation, type Door, type Entrance } from './scripted-station.js';

export interface Cards {
  /** Of nobody's account; may charge. */
  readonly card: string;
  /** Of the same group. */
  readonly fellow: string;
  readonly group: string;
  readonly blocked: string;
  readonly expired: string;
  /** Nobody knows it. */
  readonly unknown: string;
}

export interface Provisioned {
  readonly identity: string;
  readonly stationId: string;
  /** By EVSE: 1, 2. */
  readonly connectorIds: readonly string[];
  readonly cards: Cards;
}

export interface World {
  readonly ocppUrl: string;
  readonly operator: GraphqlClient;
  readonly admin: GraphqlClient;
  readonly tls: TlsDoors;
}

export function hasPassword(securityProfile: number): boolean {
  return securityProfile === 1 || securityProfile === 2;
}

/** What a case plays with: its own station, its own cards, and the public API. */
export class CaseContext extends PlatformView {
  readonly cards: Cards;
  readonly connectorIds: readonly string[];
  readonly identity: string;
  private readonly stations: ScriptedStation[] = [];

  constructor(
    readonly version: OcppVersion,
    private readonly world: World,
    own: Provisioned,
    private readonly securityProfile: number,
  ) {
    super(world.operator, own.stationId);
    this.cards = own.cards;
    this.identity = own.identity;
    this.connectorIds = own.connectorIds;
  }

  /** The company believes what is below these roots and asks the responder at this origin, and nobody else. */
  async trust(wanted: { roots: string; intermediates: string; origin: string }): Promise<void> {
    const { admin } = this.world;
    await mutate(admin, 'setTrustPolicy', 'policy { origins }', { origins: [wanted.origin] });
    await mutate(admin, 'importTrustAnchors', 'added', { pem: wanted.roots, purpose: 'CONTRACT' });
    await mutate(admin, 'importTrustIntermediates', 'added', { pem: wanted.intermediates });
  }

  get is16(): boolean {
    return this.version === '1.6';
  }

  /** Its newest connection. */
  get station(): ScriptedStation {
    const newest = this.stations.at(-1);
    if (!newest) throw new Error('the case itself is wrong: its station is not connected');
    return newest;
  }

  async connect(over: Partial<Door> = {}): Promise<ScriptedStation> {
    const station = await ScriptedStation.connect(this.door(over));
    this.stations.push(station);
    return station;
  }

  async knock(over: Partial<Door> = {}): Promise<Entrance> {
    const entrance = await ScriptedStation.knock(this.door(over));
    if (entrance.kind === 'open') this.stations.push(entrance.station);
    return entrance;
  }

  get tls(): TlsDoors {
    return this.world.tls;
  }

  private door(over: Partial<Door>): Door {
    const { identity, version } = this;
    const password = hasPassword(this.securityProfile) ? { password: DEMO_STATION_PASSWORD } : {};
    return { ocppUrl: this.world.ocppUrl, identity, version, ...password, ...over };
  }

  boot(over: JsonObject = {}): Promise<JsonObject> {
    return this.station.call('BootNotification', {
      ...(this.is16
        ? { chargePointVendor: 'Kilowatch', chargePointModel: 'Scripted' }
        : { reason: 'PowerUp', chargingStation: { vendorName: 'Kilowatch', model: 'Scripted' } }),
      ...over,
    });
  }

  async call(action: string, payload: JsonObject): Promise<JsonObject> {
    return this.station.call(action, payload);
  }

  /** A person orders something; the station answers `reply`. What went over the wire, and what the person was told. */
  async exchange<R = CommandResult>(
    action: string,
    reply: Reply | Responder,
    order: () => Promise<R>,
  ): Promise<{ sent: JsonObject; told: R }> {
    const before = this.station.count(action);
    this.station.answers(action, reply);
    const told = await order();
    const { payload } = await this.station.command(action, before);
    return { sent: payload, told };
  }

  /** sendCommand, with the frame exactly as asked for and the outcome as wanted. */
  async commands(
    action: string,
    payload: JsonObject,
    reply: Reply | Responder,
    outcome: CommandResult['outcome'],
  ): Promise<CommandResult> {
    const { sent, told } = await this.exchange(action, reply, () => this.send(action, payload));
    equals(action, sent, payload);
    equals('the outcome', told.outcome, outcome);
    return told;
  }

  /** Somebody with an account of their own, an app and no card. */
  async driver(): Promise<GraphqlClient> {
    const email = `${this.identity.toLowerCase()}@conformance.kilowatch.local`;
    const account = { email, displayName: this.identity, role: 'DRIVER', locale: 'en' };
    await mutate(this.world.admin, 'createAccount', 'account { id }', {
      ...account,
      password: DEMO_PASSWORD,
    });
    return this.world.admin.signIn(email, DEMO_PASSWORD);
  }

  /** Closes every socket, and says what the central system did wrong on any of them. */
  async finish(): Promise<void> {
    for (const station of this.stations) await station.close();
    const problems = this.stations.flatMap((station) => station.problems);
    if (problems.length > 0) throw new Deviation(problems.join('; '));
  }

  /** What a vendor of the public API says when it refuses to do something at all. */
  async refusal(order: () => Promise<unknown>): Promise<string> {
    try {
      await order();
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
    throw new Deviation('the platform did what it should refuse');
  }

  async shows<T>(what: string, selection: string, wanted: T): Promise<void> {
    let reason = '';
    await this.stationWhen<unknown>(what, selection, (part) => {
      try {
        holds(what, part, wanted);
        return true;
      } catch (error) {
        reason = (error as Error).message;
        return false;
      }
    }).catch(() => {
      throw new Deviation(reason);
    });
  }
}

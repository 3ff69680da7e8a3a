import { ScriptedStation } from '@kilowatch/tools/conformance/scripted-station';
import { DEMO_STATION_PASSWORD } from '@kilowatch/tools/seed/demo-data';
import type { JsonObject } from '@kilowatch/ocpp';

/** An OCPP 1.6 charger spoken by hand: for tests that need a session and not a charger. */
export class RawStation {
  private constructor(private readonly station: ScriptedStation) {}

  static async connect(ocppUrl: string, identity: string): Promise<RawStation> {
    const door = { ocppUrl, identity, version: '1.6', password: DEMO_STATION_PASSWORD } as const;
    return new RawStation(await ScriptedStation.connect(door));
  }

  async call<T>(action: string, payload: JsonObject): Promise<T> {
    return (await this.station.call(action, payload)) as T;
  }

  /** Starts charging with a card; returns the transaction id. */
  async start(idTag: string, at: Date): Promise<number> {
    const started = await this.call<{ transactionId: number; idTagInfo: { status: string } }>(
      'StartTransaction',
      {
        connectorId: 1,
        idTag,
        meterStart: 0,
        timestamp: at.toISOString(),
      },
    );
    if (started.idTagInfo.status !== 'Accepted')
      throw new Error(`the card was refused: ${started.idTagInfo.status}`);
    return started.transactionId;
  }

  stop(transactionId: number, meterStop: number, at: Date): Promise<unknown> {
    return this.call('StopTransaction', {
      transactionId,
      meterStop,
      timestamp: at.toISOString(),
      reason: 'Local',
    });
  }

  close(): Promise<void> {
    return this.station.close();
  }
}

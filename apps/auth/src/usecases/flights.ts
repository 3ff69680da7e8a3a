/**
 * What is on its way to responders, of one pod. Stations that make up serial numbers shall neither make us flood a responder nor keep
 * others from asking: each company has its share, and what stations chose has a part of that.
 */
export const MOST_FLIGHTS = { pod: 256, tenant: 64, fromStations: 32 } as const;

export interface Flight {
  readonly tenant: string;
  /** What it is about. */
  readonly name: string;
  /** To an address that a station chose. */
  readonly fromStation: boolean;
}

/** One flight for each thing that is asked about, whoever else asks; those of stations' choice apart from the others. */
export class Flights<T> {
  private readonly underWay = new Map<string, { flight: Flight; answer: Promise<T> }>();

  /** The flight that is on its way, else a new one; undefined: there is no room for it. */
  join(flight: Flight, begin: () => Promise<T>): Promise<T> | undefined {
    const key = keyOf(flight);
    // What a certificate says is as good for a station, but not the other way round.
    const known = this.underWay.get(keyOf({ ...flight, fromStation: false })) ?? this.underWay.get(key);
    if (known) return known.answer;
    if (!this.hasRoom(flight)) return undefined;
    const answer = begin().finally(() => this.underWay.delete(key));
    this.underWay.set(key, { flight, answer });
    return answer;
  }

  private hasRoom({ tenant, fromStation }: Flight): boolean {
    const ofTenant = [...this.underWay.values()].filter(({ flight }) => flight.tenant === tenant);
    const ofStations = ofTenant.filter(({ flight }) => flight.fromStation);
    return (
      this.underWay.size < MOST_FLIGHTS.pod &&
      ofTenant.length < MOST_FLIGHTS.tenant &&
      (!fromStation || ofStations.length < MOST_FLIGHTS.fromStations)
    );
  }
}

function keyOf({ tenant, name, fromStation }: Flight): string {
  return [tenant, name, fromStation].join('|');
}

/**
 * Answers of price feeds as they are documented, written by hand: ENTSO-E web API guide and CIM publication document (A44), awattar.de
 * services/api, developer.octopus.energy (standard unit rates), data.nordpoolgroup.com. The prices are ours.
 */
import type { Stretch } from './curve.js';

export interface EntsoeSeries {
  readonly start: string;
  readonly end: string;
  readonly resolution: string;
  /** Position and price per MWh. */
  readonly points: readonly (readonly [number, string])[];
  readonly classification?: number;
  readonly curveType?: string;
}

export function anEntsoeDocument(...series: readonly EntsoeSeries[]): string {
  const bodies = series.map(
    (one, index) => `<TimeSeries>
    <mRID>${index + 1}</mRID>
    <auction.type>A01</auction.type>
    <businessType>A62</businessType>
    <in_Domain.mRID codingScheme="A01">10YNL----------L</in_Domain.mRID>
    <out_Domain.mRID codingScheme="A01">10YNL----------L</out_Domain.mRID>
    <contract_MarketAgreement.type>A01</contract_MarketAgreement.type>
    <currency_Unit.name>EUR</currency_Unit.name>
    <price_Measure_Unit.name>MWH</price_Measure_Unit.name>
    ${one.classification === undefined ? '' : `<classificationSequence_AttributeInstanceComponent.position>${one.classification}</classificationSequence_AttributeInstanceComponent.position>`}
    <curveType>${one.curveType ?? 'A03'}</curveType>
    <Period>
      <timeInterval><start>${one.start}</start><end>${one.end}</end></timeInterval>
      <resolution>${one.resolution}</resolution>
      ${one.points.map(([position, price]) => `<Point><position>${position}</position><price.amount>${price}</price.amount></Point>`).join('\n      ')}
    </Period>
  </TimeSeries>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<Publication_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-3:publicationdocument:7:3">
  <mRID>c0ffee</mRID>
  <revisionNumber>1</revisionNumber>
  <type>A44</type>
  <sender_MarketParticipant.mRID codingScheme="A01">10X1001A1001A450</sender_MarketParticipant.mRID>
  <createdDateTime>2026-10-24T11:05:12Z</createdDateTime>
  <period.timeInterval><start>2026-10-24T22:00Z</start><end>2026-10-25T23:00Z</end></period.timeInterval>
  ${bodies.join('\n  ')}
</Publication_MarketDocument>`;
}

export const entsoeHasNothing = (code = '999', text = 'No matching data found') =>
  `<?xml version="1.0" encoding="UTF-8"?>
<Acknowledgement_MarketDocument xmlns="urn:iec62325.351:tc57wg16:451-1:acknowledgementdocument:7:0">
  <mRID>0</mRID><createdDateTime>2026-10-24T10:00:00Z</createdDateTime>
  <Reason><code>${code}</code><text>${text}</text></Reason>
</Acknowledgement_MarketDocument>`;

export function anAwattarDocument(from: Date, prices: readonly (number | string)[], minutes = 60) {
  return {
    object: 'list',
    data: prices.map((marketprice, index) => ({
      start_timestamp: from.getTime() + index * minutes * 60_000,
      end_timestamp: from.getTime() + (index + 1) * minutes * 60_000,
      marketprice,
      unit: 'Eur/MWh',
    })),
    url: '/de/v1/marketdata',
  };
}

export function aNordPoolDocument(from: Date, minutes: number, prices: readonly Record<string, number>[]) {
  return {
    deliveryDateCET: '2026-10-25',
    version: 3,
    updatedAt: '2026-10-24T11:01:22.5Z',
    deliveryAreas: ['NO1', 'SE3'],
    market: 'DayAhead',
    multiAreaEntries: prices.map((entryPerArea, index) => ({
      deliveryStart: new Date(from.getTime() + index * minutes * 60_000).toISOString(),
      deliveryEnd: new Date(from.getTime() + (index + 1) * minutes * 60_000).toISOString(),
      entryPerArea,
    })),
    blockPriceAggregates: [],
    currency: 'NOK',
    exchangeRate: 11.6,
    areaStates: [{ state: 'Final', areas: ['NO1', 'SE3'] }],
    areaAverages: [],
  };
}

/** `HH:MM-HH:MM value` in UTC, one a stretch. */
export function asText(curve: readonly Stretch[]): string[] {
  const clock = (at: Date) => at.toISOString().slice(11, 16);
  return curve.map(({ start, end, value }) => `${clock(start)}-${clock(end)} ${value.toFixed()}`);
}

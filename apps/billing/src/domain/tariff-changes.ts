/** What another version of a tariff changes, in words: one sentence a price that came, went or is another. */
import { parseTariff, priceSentences, summarise, type PriceSentence } from '@kilowatch/pricing';

export interface Worded {
  readonly name: string;
  readonly document: unknown;
}

/** More is no longer read; a tariff by the market has a price for each hour. */
const MOST = 20;

/** Empty: nothing that a driver pays for. */
export function tariffChanges(before: Worded | undefined, after: Worded): string[] {
  if (!before) return ['The first version.'];
  const [was, is] = [parseTariff(before.document), parseTariff(after.document)];
  const changes: string[] = [];
  if (before.name !== after.name) changes.push(`Renamed from ${before.name} to ${after.name}.`);
  if (was.currency !== is.currency) changes.push(`In ${is.currency} instead of ${was.currency}.`);
  const [former, latter] = [priceSentences(was), priceSentences(is)];
  for (const sentence of latter) {
    const held = former.find((one) => one.about === sentence.about);
    if (!held) changes.push(`New: ${sentence.text}`);
    else if (held.text !== sentence.text) changes.push(`${sentence.text} Before: ${held.price}.`);
  }
  for (const sentence of former) {
    if (!latter.some((one) => one.about === sentence.about)) changes.push(`No longer: ${sentence.text}`);
  }
  const others = (tariff: typeof was, prices: readonly PriceSentence[]) =>
    summarise(tariff).filter((text) => !prices.some((one) => one.text === text));
  const [formerRest, latterRest] = [others(was, former), others(is, latter)];
  changes.push(...latterRest.filter((text) => !formerRest.includes(text)).map((text) => `New: ${text}`));
  changes.push(
    ...formerRest.filter((text) => !latterRest.includes(text)).map((text) => `No longer: ${text}`),
  );
  if (changes.length <= MOST) return changes;
  return [...changes.slice(0, MOST - 1), `And ${changes.length - MOST + 1} more.`];
}

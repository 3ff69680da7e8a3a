import { wrongInput } from '../kw-error.js';
import type { Money } from '../money.js';
import { table } from '../output.js';
import { jsonObject, readInput } from '../read-input.js';
import type { Command } from './context.js';

export interface PreviewView {
  readonly sessions: number;
  readonly skipped: number;
  readonly cheaper: number;
  readonly dearer: number;
  readonly truncated: boolean;
  readonly billedInclVat: Money;
  readonly previewInclVat: Money;
  readonly examples: readonly {
    readonly sessionId: string;
    readonly billedInclVat: Money;
    readonly previewInclVat: Money;
  }[];
}

const MONEY = '{ amount currency }';
const USAGE = 'kw tariffs preview FILE.json [DAYS]: the file as for apply; DAYS: 1 to 92, 30 when not said';

/** `kw tariffs preview FILE.json [DAYS]`: what the sessions of the last days would have cost under it. */
export const previewTariff: Command = async ([file, days = '30'], { client, output }) => {
  if (!file || !/^\d{1,2}$/.test(days) || Number(days) < 1 || Number(days) > 92) throw wrongInput(USAGE);
  const { currency, definition, idleGraceMinutes } = jsonObject(readInput(file), file);
  const to = new Date();
  const from = new Date(to.getTime() - Number(days) * 86_400_000);
  const { previewTariff: preview } = await client.request<{ previewTariff: PreviewView }>(
    `query($input: PreviewTariffInput!) { previewTariff(input: $input) { sessions skipped cheaper dearer truncated
      billedInclVat ${MONEY} previewInclVat ${MONEY}
      examples { sessionId billedInclVat ${MONEY} previewInclVat ${MONEY} } } }`,
    {
      input: {
        currency,
        definition,
        idleGraceMinutes: idleGraceMinutes ?? null,
        from: from.toISOString(),
        to: to.toISOString(),
      },
    },
  );
  output.show(preview, () => previewText(preview, Number(days)));
  return 0;
};

export function previewText(preview: PreviewView, days: number): string {
  const { sessions, skipped, cheaper, dearer, truncated, billedInclVat, previewInclVat, examples } = preview;
  const money = ({ amount, currency }: Money) => `${amount} ${currency}`;
  return [
    `${sessions} sessions of the last ${days} days: billed ${money(billedInclVat)}, under this tariff ${money(previewInclVat)}`,
    `${cheaper} would be cheaper, ${dearer} dearer, ${sessions - cheaper - dearer} the same${skipped > 0 ? `; ${skipped} are not of this currency or time` : ''}`,
    ...(truncated ? ['there were more than the 5,000 that were looked at'] : []),
    ...(examples.length > 0
      ? [
          '',
          table(
            ['session', 'billed', 'under this tariff'],
            examples.map((one) => [one.sessionId, money(one.billedInclVat), money(one.previewInclVat)]),
          ),
        ]
      : []),
  ].join('\n');
}

import { Facts } from '../../ui/figures.js';
import { formatEnergy, formatPower } from '../../ui/format.js';
import { doubtText } from '../../words/bill-words.js';

interface BillEvidence {
  readonly energyWh: number | null;
  readonly beginRegisterWh: number | null;
  readonly endRegisterWh: number | null;
  readonly maxPowerW: number | null;
  readonly doubts: readonly string[];
  readonly signedVerdict: string | null;
  readonly signedReasons: readonly string[];
}

/** What a person decides a bill by: what the meter said, and what speaks against it. */
export function BillFacts({ evidence }: { evidence: BillEvidence }) {
  const { energyWh, beginRegisterWh, endRegisterWh, maxPowerW, doubts, signedVerdict, signedReasons } =
    evidence;
  return (
    <Facts
      rows={[
        ['Measured', formatEnergy(energyWh)],
        ['Registers', `${formatEnergy(beginRegisterWh)} to ${formatEnergy(endRegisterWh)}`],
        ['Most power', formatPower(maxPowerW)],
        ['Doubts', doubts.length > 0 ? doubts.map(doubtText).join(', ') : 'none'],
        [
          'Signatures',
          [signedVerdict ?? 'not looked at', ...signedReasons].map(doubtText).join(', ').toLowerCase(),
        ],
      ]}
    />
  );
}

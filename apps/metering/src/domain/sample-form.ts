/**
 * A station sends the same kinds of samples with each message, only the values differ. What follows from the kinds alone is found out
 * once for each form: how its figures are read, what of the business key lies between the values, and how it is written down.
 */
import { readingPlans, type ReadingPlan } from './normalise.js';
import { textBetween } from './reading-key.js';
import type { SampledValue, SampleKind } from './reading.js';
import { kindCode } from './sample-text.js';

export interface SampleForm {
  readonly kinds: readonly SampleKind[];
  readonly plans: readonly ReadingPlan[];
  /** For `sampleHash`. */
  readonly between: readonly string[];
  /** For `samplesText`; undefined: some kind has no code. */
  readonly codes: readonly string[] | undefined;
}

/** Of so many samples; a fleet of many makes has some dozens altogether. */
const MOST_OF_A_LENGTH = 32;
const LONGEST = 64;

export function sampleForm(samples: readonly SampleKind[]): SampleForm {
  const kinds = samples.map(({ context, measurand, phase, location, unit, multiplier }) => ({
    context,
    measurand,
    phase,
    location,
    unit,
    multiplier,
  }));
  const codes = kinds.flatMap((kind) => kindCode(kind) ?? []);
  return {
    kinds,
    plans: readingPlans(kinds),
    between: kinds.map(textBetween),
    codes: codes.length === kinds.length ? codes : undefined,
  };
}

/** The forms that were met last. */
export class SampleForms {
  private readonly ofLength: SampleForm[][] = [];

  of(samples: readonly SampledValue[]): SampleForm {
    if (samples.length > LONGEST) return sampleForm(samples);
    const known = (this.ofLength[samples.length] ??= []);
    const at = known.findIndex(({ kinds }) => isOf(kinds, samples));
    const form = at < 0 ? sampleForm(samples) : known[at]!;
    if (at < 0 && isLong(form)) return form;
    if (at === 0) return form;
    // What is met often stands in front, what is not met any more falls off the end.
    if (at > 0) known.splice(at, 1);
    known.unshift(form);
    if (known.length > MOST_OF_A_LENGTH) known.pop();
    return form;
  }
}

/** Words of the specifications are shorter; what stations write instead may be as long as a message, and is not kept. */
const LONGEST_WORD = 64;

function isLong({ kinds }: SampleForm): boolean {
  return kinds.some((kind) =>
    [kind.context, kind.measurand, kind.phase, kind.location, kind.unit].some(
      (word) => word.length > LONGEST_WORD,
    ),
  );
}

function isOf(kinds: readonly SampleKind[], samples: readonly SampleKind[]): boolean {
  for (let i = 0; i < kinds.length; i += 1) {
    const [a, b] = [kinds[i]!, samples[i]!];
    if (
      a.context !== b.context ||
      a.measurand !== b.measurand ||
      a.phase !== b.phase ||
      a.location !== b.location ||
      a.unit !== b.unit ||
      a.multiplier !== b.multiplier
    )
      return false;
  }
  return true;
}

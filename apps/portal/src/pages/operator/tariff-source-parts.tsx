import { useState } from 'react';
import type { SourceChoicesQuery, TariffSourceParts } from '../../api/documents/prices.js';
import { Button } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { feedName } from '../../words/price-feed-words.js';
import { settingsOf } from '../../words/tariff-source-words.js';
import { curveValue, feesOf, paysOutOf, type StepFields } from './tariff-source-fields.js';

interface PartProps {
  readonly held: TariffSourceParts | undefined;
  readonly choices: SourceChoicesQuery;
}

const AMOUNT = { type: 'number', step: 'any' } as const;

function TariffChoice({
  label,
  name,
  chosen,
  choices,
}: {
  readonly label: string;
  readonly name: string;
  readonly chosen: string | null | undefined;
  readonly choices: SourceChoicesQuery;
}) {
  return (
    <label className="field">
      <span>{label}</span>
      <select name={name} defaultValue={chosen ?? ''} required>
        <option value="">Choose a tariff</option>
        {choices.tariffs.edges.map(({ node }) => (
          <option key={node.id} value={node.id}>
            {node.name} ({node.id})
          </option>
        ))}
      </select>
    </label>
  );
}

/** Which curve, in which currency and zone, with which fees, and whose price counts where it says nothing. */
export function CurveFields({ held, choices }: PartProps) {
  const feeds = choices.priceFeeds.edges.map(({ node }) => node);
  const [curve, setCurve] = useState(
    held?.curve ? (held.curve.source === 'OWN' ? 'OWN' : curveValue(held.curve)) : '',
  );
  const feed = feeds.find((one) => curveValue(one) === curve);
  const { vat, idle } = feesOf(held?.definition);
  return (
    <>
      <label className="field">
        <span>Which curve</span>
        <select name="curve" value={curve} onChange={(event) => setCurve(event.target.value)} required>
          <option value="">Choose a curve</option>
          {feeds.map((one) => (
            <option key={curveValue(one)} value={curveValue(one)}>
              {feedName(one)}
            </option>
          ))}
          <option value="OWN">One that is recorded by us</option>
        </select>
      </label>
      {curve === 'OWN' && (
        <Field
          label="Its name"
          name="ownCurve"
          maxLength={36}
          defaultValue={held?.curve?.source === 'OWN' ? held.curve.area : undefined}
          hint="As it is recorded: recordCurve, or kw feeds record."
          required
        />
      )}
      <Field
        key={`currency ${curve}`}
        label="Currency"
        name="currency"
        maxLength={3}
        defaultValue={held?.currency ?? feed?.currency ?? 'EUR'}
        required
      />
      <Field
        key={`zone ${curve}`}
        label="Time zone"
        name="timeZone"
        hint="Of the places the tariff is for."
        defaultValue={held?.timeZone ?? feed?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone}
        required
      />
      <TariffChoice
        label="Where the curve says nothing"
        name="fallbackTariffId"
        chosen={held?.fallbackTariffId}
        choices={choices}
      />
      <Field label="VAT in percent" name="vat" min={0} max={100} defaultValue={vat} {...AMOUNT} />
      <Field
        label="An idle hour costs"
        name="idle"
        min={0}
        defaultValue={idle}
        hint="Before VAT. Empty: nothing."
        {...AMOUNT}
      />
      <Field
        label="Idle minutes that are free"
        name="grace"
        type="number"
        min={0}
        max={1440}
        defaultValue={held?.idleGraceMinutes ?? ''}
        hint="Empty: the usual ones."
      />
    </>
  );
}

/** What comes on the market price, and between which limits it stays. */
export function SpotFields({ held }: PartProps) {
  const { marginPercent, margin, floor, cap } = held ? settingsOf(held) : {};
  return (
    <>
      <Field
        label="Margin in percent"
        name="marginPercent"
        min={-100}
        max={1000}
        defaultValue={marginPercent}
        hint="Of the market price."
        {...AMOUNT}
      />
      <Field label="Margin a kWh" name="margin" defaultValue={margin} {...AMOUNT} />
      <Field
        label="Not below"
        name="floor"
        defaultValue={held ? floor : '0'}
        hint="Before VAT. Empty: it may fall below zero."
        {...AMOUNT}
      />
      <Field label="Not above" name="cap" defaultValue={cap} hint="Empty: no limit." {...AMOUNT} />
      <label className="check">
        <input type="checkbox" name="paysOut" defaultChecked={paysOutOf(held?.definition)} />
        <span>A session may come to less than nothing: the amount is paid into the driver’s wallet</span>
      </label>
    </>
  );
}

interface StepFieldsetProps {
  readonly steps: readonly StepFields[];
  readonly onChange: (steps: readonly StepFields[]) => void;
}

const MOST_STEPS = 20;

/** Prices by the height of the curve, in rising order. */
export function StepFieldset({ steps, onChange }: StepFieldsetProps) {
  const set = (index: number, change: Partial<StepFields>) =>
    onChange(steps.map((step, at) => (at === index ? { ...step, ...change } : step)));
  return (
    <fieldset className="stack">
      <legend>Prices a kWh, before VAT</legend>
      {steps.map((step, index) => {
        const isLast = index === steps.length - 1;
        return (
          <div className="form-actions" key={index}>
            {isLast ? (
              <p>Above that</p>
            ) : (
              <Field
                label={`Step ${index + 1}: below`}
                value={step.below}
                onChange={(event) => set(index, { below: event.target.value })}
                required
                {...AMOUNT}
              />
            )}
            <Field
              label={isLast ? 'The last price' : `Step ${index + 1}: price`}
              value={step.price}
              min={0}
              onChange={(event) => set(index, { price: event.target.value })}
              required
              {...AMOUNT}
            />
          </div>
        );
      })}
      <div className="form-actions">
        {steps.length < MOST_STEPS && (
          <Button
            onClick={() => onChange([...steps.slice(0, -1), { below: '', price: '' }, ...steps.slice(-1)])}
          >
            One step more
          </Button>
        )}
        {steps.length > 2 && (
          <Button onClick={() => onChange([...steps.slice(0, -2), ...steps.slice(-1)])}>One step less</Button>
        )}
      </div>
    </fieldset>
  );
}

/** Whose prices, and how much less for whom. */
export function DiscountFields({ held, choices }: PartProps) {
  const { percent, perKwh } = held ? settingsOf(held) : {};
  return (
    <>
      <TariffChoice
        label="Off which tariff"
        name="baseTariffId"
        chosen={held?.baseTariffId}
        choices={choices}
      />
      <Field
        label="Plan"
        name="plan"
        maxLength={36}
        pattern="[A-Za-z0-9._\-]+"
        defaultValue={held?.plan ?? undefined}
        hint="Who subscribes to it has this tariff instead."
        required
      />
      <Field
        label="Percent off every price"
        name="percent"
        min={0}
        max={100}
        defaultValue={percent}
        {...AMOUNT}
      />
      <Field label="Off the price of a kWh" name="perKwh" min={0} defaultValue={perKwh} {...AMOUNT} />
    </>
  );
}

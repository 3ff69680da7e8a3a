import { useQuery } from '@apollo/client/react';
import { useRef, useState, type FormEvent } from 'react';
import { useApi } from '../../api/api-context.js';
import type { SetTariffSourceInput } from '../../api/documents/inputs.js';
import {
  SetTariffSourceDocument,
  SourceChoicesDocument,
  type SourceChoicesQuery,
  type TariffSourceParts,
} from '../../api/documents/prices.js';
import { useTask } from '../../api/use-task.js';
import { Button } from '../../ui/button.js';
import { Field } from '../../ui/field.js';
import { Failure, Notice, Skeleton } from '../../ui/states.js';
import { SOURCE_KINDS } from '../../words/tariff-source-words.js';
import { CurveFields, DiscountFields, SpotFields, StepFieldset } from './tariff-source-parts.js';
import { inputOfForm, stepsOf, type SourceKind } from './tariff-source-fields.js';
import { TariffSourcePreview } from './tariff-source-preview.js';

interface TariffSourceFormProps {
  /** Left out: a new one. */
  readonly held?: TariffSourceParts;
  readonly onDone: (isSaved: boolean) => void;
}

/** What a tariff is made from. Tried before it is saved: the prices it would make are shown. */
export function TariffSourceForm(props: TariffSourceFormProps) {
  const { data, error, refetch } = useQuery(SourceChoicesDocument, { fetchPolicy: 'network-only' });
  if (data) return <SourceForm {...props} choices={data} />;
  return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton />;
}

function SourceForm({
  held,
  onDone,
  choices,
}: TariffSourceFormProps & { readonly choices: SourceChoicesQuery }) {
  const { client } = useApi();
  const task = useTask();
  const form = useRef<HTMLFormElement>(null);
  const [kind, setKind] = useState<SourceKind>(held?.kind ?? 'SPOT');
  const [steps, setSteps] = useState(stepsOf(held));
  const [previewed, setPreviewed] = useState<SetTariffSourceInput>();
  const input = () => inputOfForm(new FormData(form.current!), kind, { held, steps });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    task.run(async () => {
      await client.mutate({ mutation: SetTariffSourceDocument, variables: { input: input() } });
      onDone(true);
      return undefined;
    });
  };
  const parts = { held, choices };
  return (
    <form className="stack" onSubmit={submit} ref={form}>
      {task.problem && <Notice tone="bad">{task.problem}</Notice>}
      <label className="field">
        <span>Made from</span>
        <select
          value={kind}
          disabled={held !== undefined}
          onChange={(event) => setKind(event.target.value as SourceKind)}
        >
          {Object.entries(SOURCE_KINDS).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      {!held && (
        <Field
          label="Id of the tariff"
          name="tariffId"
          maxLength={36}
          hint="A new one, or one whose prices are to come from here from now on."
          required
        />
      )}
      <Field label="Name" name="name" maxLength={100} defaultValue={held?.name} required />
      {kind === 'DISCOUNT' ? <DiscountFields {...parts} /> : <CurveFields {...parts} />}
      {kind === 'SPOT' && <SpotFields {...parts} />}
      {kind === 'STEPS' && <StepFieldset steps={steps} onChange={setSteps} />}
      {previewed && <TariffSourcePreview key={JSON.stringify(previewed)} input={previewed} />}
      <div className="form-actions">
        <Button type="submit" look="primary" busy={task.isBusy ? 'Saving…' : undefined}>
          Save
        </Button>
        <Button
          onClick={() => {
            if (form.current?.reportValidity()) setPreviewed(input());
          }}
        >
          Show its prices
        </Button>
        <Button onClick={() => onDone(false)}>Cancel</Button>
      </div>
    </form>
  );
}

import { useSearchParams } from 'react-router';
import { Page } from '../../ui/page.js';
import { ConfirmStart } from './confirm-start.js';
import { LocationChoice } from './location-choice.js';
import { StationChoice } from './station-choice.js';

const STEPS = ['Location', 'Connector', 'Price'] as const;

/** Three steps, each with its own address, so that Back takes back one choice. */
export function StartPage() {
  const [parameters] = useSearchParams();
  const location = parameters.get('location');
  const connector = parameters.get('connector');
  const step = location === null ? 0 : connector === null ? 1 : 2;
  const back = [
    undefined,
    { to: '/start', text: 'Locations' },
    { to: `/start?location=${location ?? ''}`, text: 'Connectors' },
  ][step];
  return (
    <Page title="Start charging" {...(back ? { back } : {})}>
      <ol className="steps" aria-label="Steps">
        {STEPS.map((name, i) => (
          <li key={name} aria-current={i === step ? 'step' : undefined} data-done={i < step || undefined}>
            <span aria-hidden="true">{i + 1}</span>
            {name}
          </li>
        ))}
      </ol>
      {location === null ? (
        <LocationChoice />
      ) : connector === null ? (
        <StationChoice locationId={location} />
      ) : (
        <ConfirmStart locationId={location} connectorId={connector} />
      )}
    </Page>
  );
}

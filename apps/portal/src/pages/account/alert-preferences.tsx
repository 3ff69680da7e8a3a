import { useMutation } from '@apollo/client/react';
import { isOperator, useAccount } from '../../api/api-context.js';
import {
  AlertPreferencesDocument,
  SetAlertPreferenceDocument,
  type AlertPreferencesQuery,
} from '../../api/documents/alerts.js';
import { errorSentence } from '../../api/error-text.js';
import { useLiveQuery } from '../../api/use-live-query.js';
import { Loaded, Notice } from '../../ui/states.js';
import { ALERT_KINDS, CHANNELS, type AlertChannel, type AlertKind } from '../../words/alert-words.js';

type Preference = AlertPreferencesQuery['alertPreferences'][number];

const OPERATORS_ONLY: ReadonlySet<AlertKind> = new Set([
  'STATION_FAULT',
  'ANOMALY',
  'STATION_SECURITY',
  'FIRMWARE_FAILED',
  'CONNECTOR_STUCK',
  'UNAUTHORISED_ATTEMPT',
  'METER_DISPUTED',
  'BILL_QUESTIONED',
  'TRANSACTION_ORPHANED',
  'PRICES_MISSING',
  'DISPUTE_OPENED',
  'DEBT_COLLECTION',
  'CHARGEBACK',
  'REFUND_CONTRADICTED',
]);

/** Which alerts reach the reader, and how: one switch per kind and channel, saved at once. */
export function AlertPreferences() {
  const query = useLiveQuery(AlertPreferencesDocument, { fallbackPollMs: 0 });
  return (
    <Loaded data={query.data} error={query.error} isLoading={query.isLoading} onRetry={query.refetch}>
      {({ alertPreferences }) => <PreferenceTable preferences={alertPreferences} />}
    </Loaded>
  );
}

function PreferenceTable({ preferences }: { preferences: readonly Preference[] }) {
  const operator = isOperator(useAccount());
  const [save, { error }] = useMutation(SetAlertPreferenceDocument, {
    update: (cache, { data }) => {
      if (!data) return;
      const { preferences } = data.setAlertPreference;
      cache.writeQuery({ query: AlertPreferencesDocument, data: { alertPreferences: preferences } });
    },
  });
  const set = (preference: Preference) => {
    const { kind, channel, enabled } = preference;
    const rest = preferences.map((one) => (one === preference ? { ...one, enabled: !enabled } : one));
    save({
      variables: { input: { kind, channel, enabled: !enabled } },
      optimisticResponse: { setAlertPreference: { preferences: rest } },
    }).catch(() => undefined);
  };
  const kinds = (Object.keys(ALERT_KINDS) as AlertKind[]).filter(
    // Some cannot be switched off.
    (kind) => operator === OPERATORS_ONLY.has(kind) && preferences.some((one) => one.kind === kind),
  );
  const channels = Object.keys(CHANNELS) as AlertChannel[];
  return (
    <>
      {error && <Notice tone="bad">{errorSentence(error)}</Notice>}
      <table className="preferences">
        <thead>
          <tr>
            <th scope="col">Alert</th>
            {channels.map((channel) => (
              <th key={channel} scope="col">
                {CHANNELS[channel]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => (
            <tr key={kind}>
              <th scope="row">
                {ALERT_KINDS[kind].name}
                <span className="quiet">{ALERT_KINDS[kind].about}</span>
              </th>
              {channels.map((channel) => {
                const preference = preferences.find((one) => one.kind === kind && one.channel === channel);
                return (
                  <td key={channel}>
                    {preference && (
                      <label className="switch">
                        <input
                          type="checkbox"
                          role="switch"
                          checked={preference.enabled}
                          onChange={() => set(preference)}
                        />
                        <span className="visually-hidden">
                          {ALERT_KINDS[kind].name}, {CHANNELS[channel]}
                        </span>
                      </label>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

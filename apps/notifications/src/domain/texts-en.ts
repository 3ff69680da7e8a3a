/** English texts. Plain words, what happened, what to do. */
import type { Locale, Words } from './wording.js';

const ANOMALIES: Readonly<Record<string, string>> = {
  ZERO_ENERGY: 'A session runs but no energy flows',
  POWER_DROP: 'Charging power dropped without a known reason',
  INTERRUPTION: 'Charging was interrupted',
  NO_READINGS: 'A session runs but the charger sends no readings',
};

const at = ({ place }: Words) => (place ? ` at ${place}` : '');
const on = ({ time }: Words) => (time ? ` on ${time}` : '');

export const en: Locale = {
  texts: {
    CHARGING_STARTED: (words) => ({
      title: 'Charging started',
      body: `Your charging session${at(words)} started${on(words)}.`,
    }),
    FULLY_CHARGED: (words) => ({
      title: 'Your car seems to be full',
      body: `Your car${at(words)} stopped asking for power${on(words)}. Please move it when you can, so that others can charge.`,
    }),
    CHARGING_INTERRUPTED: (words) => ({
      title: 'Charging was interrupted',
      body: `Charging${at(words)} was interrupted${on(words)}. Please check your car and the cable; if it does not go on, try another charger.`,
    }),
    INVOICE_READY: (words) => ({
      title: words.money ? `Your invoice: ${words.money}` : 'Your invoice is ready',
      body: `Invoice ${words.invoice ?? ''}${words.money ? ` over ${words.money}` : ''} for your charging session${at(words)} is ready.`,
    }),
    STATION_FAULT: (words) => ({
      title: `Fault: ${words.station ?? 'a station'}`,
      body: `${words.connector ? `Connector ${words.connector} of ` : ''}${words.station ?? 'A station'} reports a fault${
        words.cause && words.cause !== 'NoError' ? ` (${words.cause})` : ''
      } since ${words.time ?? 'now'}.`,
    }),
    ANOMALY: (words) => ({
      title: `Unusual: ${words.station ?? 'a station'}`,
      body: `${ANOMALIES[words.cause ?? ''] ?? 'Something unusual was found'}${at(words)}${on(words)}.`,
    }),
  },
  mail: {
    greeting: (name) => (name ? `Hello ${name},` : 'Hello,'),
    link: 'See it here:',
    footer: 'You can choose in your settings which messages you get.',
  },
};

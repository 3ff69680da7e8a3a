/** English texts. Plain words, what happened, what to do. */
import { IN_FAVOUR } from './alert.js';
import type { AlertText, Locale, Words } from './wording.js';

const ANOMALIES: Readonly<Record<string, string>> = {
  ZERO_ENERGY: 'A session runs but no energy flows',
  POWER_DROP: 'Charging power dropped without a known reason',
  INTERRUPTION: 'Charging was interrupted',
  NO_READINGS: 'A session runs but the charger sends no readings',
};

/** As in "CP-1 reports that ...". Names of the specification's list; another one is told as it is. */
const SECURITY: Readonly<Record<string, string>> = {
  TamperDetectionActivated: 'somebody may have opened or moved it',
  SecurityLogWasCleared: 'its security log was emptied',
  MemoryExhaustion: 'its memory is full',
  InvalidFirmwareSignature: 'a firmware had a wrong signature',
  InvalidFirmwareSigningCertificate: 'a firmware was signed with a wrong certificate',
  InvalidCsmsCertificate: 'it does not trust our certificate',
  InvalidCentralSystemCertificate: 'it does not trust our certificate',
  InvalidChargingStationCertificate: 'its own certificate is wrong',
  InvalidTLSVersion: 'a connection with an unsafe TLS version was refused',
  InvalidTLSCipherSuite: 'a connection with an unsafe cipher was refused',
};

const UPDATES: Readonly<Record<string, string>> = {
  DOWNLOAD_FAILED: 'The firmware could not be downloaded',
  INVALID_SIGNATURE: 'The signature of the firmware is wrong',
  INVALID_CHECKSUM: 'The checksum of the firmware is wrong',
  INSTALLATION_FAILED: 'The firmware could not be installed',
  INSTALL_VERIFICATION_FAILED: 'The firmware is not what it should be',
  PUBLISH_FAILED: 'The firmware could not be published',
};

const STUCK: Readonly<Record<string, string>> = {
  PHANTOM_PLUG: 'reports a plug that comes and goes with nobody there',
  STUCK_FINISHING: 'has been finishing a session for half a day',
  STUCK_FAULTED: 'stays faulted',
};

/** What somebody may be doing, as a sentence without its stop. */
const ATTEMPTS: Readonly<Record<string, string>> = {
  TOKEN_GUESSING: 'Somebody tries card after card at a station',
  KEY_CODE_GUESSING: 'Somebody guesses codes at a keypad',
  TOKEN_AT_MANY_STATIONS: 'A refused card is tried at several stations',
  IMPOSSIBLE_TRAVEL: 'A card was accepted at two places too far apart: there may be a copy',
  CONCURRENT_USE: 'A card was shown while it charges at another site',
  REVOKED_CONTRACT: 'A revoked or expired contract was presented again',
  FORGED_CHAIN: 'A contract certificate was forged',
  SEQUENTIAL_UIDS: 'Somebody counts through card numbers at a station',
  STATION_CREDENTIAL: 'Somebody fails to prove that they are a station',
  IDENTITY_SCAN: 'Somebody tries names of stations',
  NEW_NETWORK: 'A station connected from two networks',
  CONNECTION_FLAPPING: 'Connections of a station replace each other again and again',
  PROFILE_DOWNGRADE: 'A station came with less security than it was set up for',
  UNAUTHORISED_START: 'A station started for a token that nobody allowed',
  MASTER_PASS_START: 'A master pass was used to start',
  OFFLINE_ENERGY: 'Energy went to a refused token while the station was offline',
};

/** A bill that came to less than nothing. */
function inFavour(words: Words): AlertText {
  const sessions = words.month ? `sessions in ${words.month}` : `session${at(words)}`;
  return {
    title: words.money ? `In your favour: ${words.money}` : 'A bill in your favour',
    body: `The price of energy was below zero: the bill for your charging ${sessions}, credit note ${words.invoice ?? ''}, is in your favour. ${words.money ?? 'The amount'} was paid into your wallet; there is nothing to pay.`,
  };
}

/** What a letter is called. */
const LETTERS: Readonly<Record<string, string>> = {
  REMINDER: 'Reminder',
  FIRST_NOTICE: 'First notice',
  SECOND_NOTICE: 'Last notice',
};

const at = ({ place }: Words) => (place ? ` at ${place}` : '');
const on = ({ time }: Words) => (time ? ` on ${time}` : '');

const METERS: Readonly<Record<string, string>> = {
  signature_failed: 'The signed readings of a session are not what its meter signed',
  register_reset: 'The register of a meter went back during a session',
  energy_above_connector_maximum: 'A session took more energy than its connector can give',
};

const DISPUTES: Readonly<Record<string, string>> = {
  ENERGY: 'the energy is said to be wrong',
  PRICE: 'the price is said to be wrong',
  IDLE: 'the idle time is said to be wrong',
  NOT_MINE: 'somebody else is said to have charged',
  OTHER: 'something is said to be wrong',
};

/** By how the account pays. */
const FUNDS_IN_TIME: Readonly<Record<string, string>> = {
  PREPAID: 'Have your wallet topped up if it is to go on.',
  ACCOUNT: 'Pay open invoices if it is to go on.',
};
const FUNDS_FOR_MORE: Readonly<Record<string, string>> = {
  PREPAID: 'Have your wallet topped up to charge again.',
  ACCOUNT: 'Your credit limit is reached: pay open invoices to charge again.',
  CARD: 'Your card does not cover more.',
};

/** What became of a card payment that its holder's bank takes back; `day`: until when evidence is taken. */
const CHARGEBACKS: Readonly<Record<string, (day: string) => AlertText>> = {
  OPENED: (day) => ({
    title: 'A bank takes a payment back',
    body: `Hand in evidence at the payment provider${day} if the payment was right: what it is made of is with the chargeback. Until it is decided no letter is written about the invoice.`,
  }),
  EVIDENCE_DUE: (day) => ({
    title: 'Evidence is due',
    body: `No evidence was handed in yet, and it is taken only${day}. Without it the money is lost.`,
  }),
  REOPENED: (day) => ({
    title: 'A chargeback goes on',
    body: `It was decided, and is not any more. Hand in evidence at the payment provider${day} if the payment was right.`,
  }),
  WON: () => ({ title: 'Won: a chargeback', body: 'The money comes back, and the invoice is paid again.' }),
  LOST: () => ({
    title: 'Lost: a chargeback',
    body: 'The money is gone. What was paid with it is owed again, and letters about it go out as usual: correct the bill, or give it up, if it was wrong.',
  }),
  CLOSED: () => ({ title: 'Over: a chargeback', body: 'The bank has closed it without a decision.' }),
};

/** Why a card was declined, as far as its holder is to be told; a bank's suspicion is not ours to tell. */
const DECLINES: Readonly<Record<string, string>> = {
  insufficient_funds: ' (there is not enough money for it)',
  expired_card: ' (the card has expired)',
  authentication_required: ' (the bank wants its holder to confirm such payments)',
};

/** What became of a contract of Plug & Charge: after its name. */
const CONTRACTS: Readonly<Record<string, string>> = {
  ADDED: 'is on your account: your car charges on it by itself.',
  REMOVED: 'is not on your account any more, and nothing is charged on it.',
  ADDING_DECLINED: 'was not added to your account.',
  REMOVAL_DECLINED: 'stays on your account.',
  BLOCKED: 'was blocked: nothing is charged on it until it is good again. Cards and the app go on working.',
  EXPIRED: 'is over: nothing is charged on it any more.',
  RELEASED: 'is good again: your car charges on it by itself.',
};
/** The same as titles. */
const CONTRACT_TITLES: Readonly<Record<string, string>> = {
  ADDED: 'Your contract was added',
  REMOVED: 'Your contract was taken off',
  ADDING_DECLINED: 'Your contract was not added',
  REMOVAL_DECLINED: 'Your contract stays',
  BLOCKED: 'Your contract was blocked',
  EXPIRED: 'Your contract is over',
  RELEASED: 'Your contract is good again',
};

/** What the provider tells of a refund that is over in the books: what became of the money, and what to do. */
const REFUNDS: Readonly<Record<string, string>> = {
  FAILED:
    'The books say that it was made, and the payment provider tells now that it failed: the card did not get the money. Please look at it there, and give it to the driver in another way.',
  DONE: 'The books say that it failed, so the wallet got the money, and the payment provider tells now that it was made: the driver has it twice. Please look at it there, and settle it with the driver.',
};

export const en: Locale = {
  causes: {
    ...{ ANOMALIES, SECURITY, UPDATES, STUCK, ATTEMPTS, LETTERS, METERS, DISPUTES },
    ...{ FUNDS_IN_TIME, FUNDS_FOR_MORE, DECLINES, CONTRACTS, REFUNDS },
  },
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
    INVOICE_READY: (words) =>
      words.cause === IN_FAVOUR
        ? inFavour(words)
        : {
            title: words.money ? `Your invoice: ${words.money}` : 'Your invoice is ready',
            body: `Invoice ${words.invoice ?? ''}${words.money ? ` over ${words.money}` : ''} ${words.month ? `for your charging sessions in ${words.month}` : `for your charging session${at(words)}`} is ready.`,
          },
    INVOICE_CREDITED: (words) => ({
      title: words.money ? `Taken back: ${words.money}` : 'An invoice was taken back',
      body: `Invoice ${words.invoice ?? ''}${words.money ? ` over ${words.money}` : ''} for your charging session${at(words)} was taken back by credit note ${words.cause ?? ''}. What you paid is in your wallet. If something is due instead, another invoice says so.`,
    }),
    DISPUTE_DECIDED: (words) => ({
      title: words.cause === 'ACCEPTED' ? 'Your objection was accepted' : 'Your objection was not accepted',
      body: `We have looked at your objection to invoice ${words.invoice ?? ''} for your charging session${at(words)}. ${
        words.cause === 'ACCEPTED' ? 'It was taken back, and what is right follows.' : 'It stands as it is.'
      } The session shows what we found.`,
    }),
    MONEY_LOW: (words) => ({
      title: 'Most of the money for your session is used',
      body: `Of the ${words.money ?? 'money'} that your charging session${at(words)} may cost, most is used.${
        words.time ? ` At the present power it lasts until about ${words.time}.` : ''
      } ${FUNDS_IN_TIME[words.cause ?? ''] ?? ''} Otherwise charging stops when it is used.`,
    }),
    MONEY_USED_UP: (words) => ({
      title: 'Charging stops: the money is used',
      body: `Your charging session${at(words)} has used the ${words.money ?? 'money'} that it may cost, so it is being stopped. ${FUNDS_FOR_MORE[words.cause ?? ''] ?? ''}`.trim(),
    }),
    CARD_DECLINED: (words) => ({
      title: words.money ? `Your card was declined: ${words.money}` : 'Your card was declined',
      body:
        words.purpose === 'MONTH'
          ? `Your card was declined for ${words.money ?? 'what is open'} of your invoice for a month${DECLINES[words.cause ?? ''] ?? ''}. The invoice stays open: please pay it with another card or by transfer, or top up your wallet.`
          : words.purpose === 'INVOICE'
            ? `Your card was declined for ${words.money ?? 'what is open'} of the bill of your charging session${at(words)}${DECLINES[words.cause ?? ''] ?? ''}. The invoice stays open: please pay it with another card, or top up your wallet.`
            : `Your card was declined when ${words.money ?? 'money'} was to be reserved on it for your charging session${at(words)}${DECLINES[words.cause ?? ''] ?? ''}. The session is being stopped if it still runs. To charge, add another card to your account, or top up your wallet and pay with that.`,
    }),
    CARD_CONFIRM: (words) => ({
      title: words.money ? `Please confirm a payment: ${words.money}` : 'Please confirm a payment',
      body:
        words.purpose === 'SESSION'
          ? `Your bank wants you to confirm that ${words.money ?? 'money'} is reserved on your card for your charging session${at(words)}. Open the app and confirm it within an hour; else the session is stopped.`
          : `Your bank wants you to confirm the payment of ${words.money ?? 'what is open'} of ${words.purpose === 'MONTH' ? 'your invoice for a month' : `the bill of your charging session${at(words)}`}. Open the invoice in the app and pay it there: you are asked to confirm it. Until then it stays open.`,
    }),
    INVOICE_OVERDUE: (words) => ({
      title: `${LETTERS[words.cause ?? ''] ?? 'Overdue'}: invoice ${words.invoice ?? ''}`.trim(),
      body: `Invoice ${words.invoice ?? ''} was to be paid${words.day ? ` by ${words.day}` : ''} and is still open. Please pay ${words.money ?? 'it'}${
        words.charges ? `, ${words.charges} of it for fees and interest` : ''
      }.${words.instructions ? ` How to pay: ${words.instructions}.` : ''}${
        words.blocked ? ' Until it is paid you cannot start charging.' : ''
      } If you have paid meanwhile, thank you, and do not mind this letter. If something is wrong with the invoice, object to it at its session.`,
    }),
    INVOICE_SETTLED: (words) => ({
      title: `Settled: invoice ${words.invoice ?? ''}`,
      body: `Nothing is to be paid of invoice ${words.invoice ?? ''} any more. Thank you.${
        words.charges ? ` Of fees and interest ${words.charges} are still open.` : ''
      }`,
    }),
    DEBT_COLLECTION: (words) => ({
      title: `Not paid: invoice ${words.invoice ?? ''}`,
      body: `All letters about invoice ${words.invoice ?? ''}${words.money ? ` over ${words.money}` : ''} are out, and it is not paid. Please take it to a collector, or give it up.`,
    }),
    PAYMENT_TAKEN_BACK: (words) => ({
      title: words.invoice ? `Open again: invoice ${words.invoice}` : 'A payment was taken back',
      body: `Your bank took a payment by card back${words.invoice ? `, so that invoice ${words.invoice} is open again` : ''}. Please pay ${words.money ?? 'it'} from your wallet or by transfer. If something is wrong with a bill, object to it at its session instead of at your bank.`,
    }),
    CONTRACT_DECIDED: (words) => ({
      title: CONTRACT_TITLES[words.cause ?? ''] ?? 'Your contract was changed',
      body: `Your contract${words.contract ? ` ${words.contract}` : ''} ${CONTRACTS[words.cause ?? ''] ?? 'was changed.'}${words.remark ? ` From us: ${words.remark}` : ''}`,
    }),
    CHARGEBACK: (words) => {
      const { title, body } = (CHARGEBACKS[words.cause ?? ''] ?? CHARGEBACKS['OPENED']!)(
        words.day ? ` until ${words.day}` : '',
      );
      return {
        title: words.money ? `${title}: ${words.money}` : title,
        body: `It is about a payment by card${words.invoice ? ` for invoice ${words.invoice}` : ''}${at(words)}. ${body}`,
      };
    },
    REFUND_CONTRADICTED: (words) => ({
      title: words.money ? `Refund in doubt: ${words.money}` : 'Refund in doubt',
      body: `It is about a refund to a card${words.invoice ? ` for invoice ${words.invoice}` : ''}${words.payment ? ` (of payment ${words.payment})` : ''}${at(words)}. ${REFUNDS[words.cause ?? ''] ?? 'The payment provider tells of it what the books do not say.'} The books stay as they are.`,
    }),
    DISPUTE_OPENED: (words) => ({
      title: `Objection to invoice ${words.invoice ?? ''}`,
      body: `A driver objects to invoice ${words.invoice ?? ''} for a session${at(words)}: ${DISPUTES[words.cause ?? ''] ?? DISPUTES['OTHER']}. It is not paid before somebody has decided.`,
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
    STATION_SECURITY: (words) => ({
      title: `Security: ${words.station ?? 'a station'}`,
      body: `${words.place ?? 'A station'} reports that ${SECURITY[words.cause ?? ''] ?? `there was a security event${words.cause ? ` (${words.cause})` : ''}`}, since ${words.time ?? 'now'}. Please look at its security events.`,
    }),
    FIRMWARE_FAILED: (words) => ({
      title: `Firmware update failed: ${words.station ?? 'a station'}`,
      body: `${UPDATES[words.cause ?? ''] ?? 'A firmware update failed'}${at(words)}${on(words)}. The station keeps what it had, unless it says otherwise.`,
    }),
    CONNECTOR_STUCK: (words) => ({
      title: `Needs a person: ${words.station ?? 'a station'}`,
      body: `${words.connector ? `Connector ${words.connector}${words.evse ? ` of EVSE ${words.evse}` : ''}${words.place ? ` of ${words.place}` : ''}` : (words.place ?? 'A connector')} ${STUCK[words.cause ?? ''] ?? 'does not work'}. It was asked for its status, restarted and unlocked as far as that could help, and is not well${on(words)}. Please have somebody look at it.`,
    }),
    METER_DISPUTED: (words) => ({
      title: `Not billed: ${words.station ?? 'a station'}`,
      body: `${METERS[words.cause ?? ''] ?? 'The readings of a session contradict each other'}${at(words)}${on(words)}. The session is not billed before somebody has looked at it.`,
    }),
    BILL_QUESTIONED: (words) => ({
      title: `Whose bill? ${words.station ?? 'A station'}`,
      body: `A session${at(words)}${on(words)} was billed, and another driver was told for it since. The bill stays as it is until somebody has looked: please correct it where it is wrong, and then leave it.`,
    }),
    TRANSACTION_ORPHANED: (words) => ({
      title: `Not billed: ${words.station ?? 'a station'}`,
      body: `A charge began${at(words)}${on(words)} under the id of one that had ended, so it is not billed and its messages are kept. Please look at them among the messages without a session, and have the station use each transaction id once.`,
    }),
    PRICES_MISSING: (words) => ({
      title: `No market prices${words.cause ? `: ${words.cause}` : ''}`,
      body: `The feed of market prices has not brought all prices${words.cause ? ` of ${words.cause}` : ' of tomorrow'}. Where they are missing, tariffs by the market fall back to the tariff they name. The feed is asked again by itself.`,
    }),
    UNAUTHORISED_ATTEMPT: (words) => ({
      title: `Unauthorised attempt${words.suspect ? `: ${words.suspect}` : ''}`,
      body: `${ATTEMPTS[words.cause ?? ''] ?? 'Somebody may be trying what is not theirs'}${words.suspect ? ` (${words.suspect})` : ''}${on(words)}. The incidents show what was seen and what to do.`,
    }),
  },
  mail: {
    greeting: (name) => (name ? `Hello ${name},` : 'Hello,'),
    link: 'See it here:',
    papers: {
      attached: (names) => `Attached: ${names}.`,
      tooLarge: (names) =>
        `Too large to be attached: ${names}. You can download it under Invoices in your account.`,
      missing:
        'The document could not be attached to this message. You can download it under Invoices in your account.',
    },
    footer: 'You can choose in your settings which messages you get.',
  },
};

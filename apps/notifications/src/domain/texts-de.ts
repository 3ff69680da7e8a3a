/** German texts. */
import { IN_FAVOUR } from './alert.js';
import type { AlertText, Locale, Words } from './wording.js';

const ANOMALIES: Readonly<Record<string, string>> = {
  ZERO_ENERGY: 'Ein Ladevorgang läuft, aber es fließt keine Energie',
  POWER_DROP: 'Die Ladeleistung ist ohne bekannten Grund gesunken',
  INTERRUPTION: 'Das Laden wurde unterbrochen',
  NO_READINGS: 'Ein Ladevorgang läuft, aber die Ladestation sendet keine Messwerte',
};

/** Wie in "CP-1 meldet, dass ...". */
const SECURITY: Readonly<Record<string, string>> = {
  TamperDetectionActivated: 'sie vielleicht jemand geöffnet oder bewegt hat',
  SecurityLogWasCleared: 'ihr Sicherheitsprotokoll geleert wurde',
  MemoryExhaustion: 'ihr Speicher voll ist',
  InvalidFirmwareSignature: 'eine Firmware eine falsche Signatur hatte',
  InvalidFirmwareSigningCertificate: 'eine Firmware mit einem falschen Zertifikat signiert war',
  InvalidCsmsCertificate: 'sie unserem Zertifikat nicht vertraut',
  InvalidCentralSystemCertificate: 'sie unserem Zertifikat nicht vertraut',
  InvalidChargingStationCertificate: 'ihr eigenes Zertifikat nicht stimmt',
  InvalidTLSVersion: 'eine Verbindung mit einer unsicheren TLS-Version abgewiesen wurde',
  InvalidTLSCipherSuite: 'eine Verbindung mit einer unsicheren Verschlüsselung abgewiesen wurde',
};

const UPDATES: Readonly<Record<string, string>> = {
  DOWNLOAD_FAILED: 'Die Firmware konnte nicht geladen werden',
  INVALID_SIGNATURE: 'Die Signatur der Firmware stimmt nicht',
  INVALID_CHECKSUM: 'Die Prüfsumme der Firmware stimmt nicht',
  INSTALLATION_FAILED: 'Die Firmware konnte nicht installiert werden',
  INSTALL_VERIFICATION_FAILED: 'Die Firmware ist nicht, was sie sein soll',
  PUBLISH_FAILED: 'Die Firmware konnte nicht bereitgestellt werden',
};

const STUCK: Readonly<Record<string, string>> = {
  PHANTOM_PLUG: 'meldet einen Stecker, der kommt und geht, ohne dass jemand da ist',
  STUCK_FINISHING: 'ist seit einem halben Tag dabei, einen Ladevorgang zu beenden',
  STUCK_FAULTED: 'bleibt gestört',
};

const ATTEMPTS: Readonly<Record<string, string>> = {
  TOKEN_GUESSING: 'Jemand probiert an einer Ladestation Karte um Karte',
  KEY_CODE_GUESSING: 'Jemand rät Codes an einem Tastenfeld',
  TOKEN_AT_MANY_STATIONS: 'Eine abgewiesene Karte wird an mehreren Ladestationen probiert',
  IMPOSSIBLE_TRAVEL:
    'Eine Karte wurde an zwei Orten angenommen, die zu weit auseinander liegen: vielleicht gibt es eine Kopie',
  CONCURRENT_USE: 'Eine Karte wurde vorgehalten, während sie anderswo lädt',
  REVOKED_CONTRACT: 'Ein widerrufener oder abgelaufener Vertrag wurde erneut vorgelegt',
  FORGED_CHAIN: 'Ein Vertragszertifikat war gefälscht',
  SEQUENTIAL_UIDS: 'Jemand zählt an einer Ladestation Kartennummern durch',
  STATION_CREDENTIAL: 'Jemand kann nicht beweisen, eine Ladestation zu sein',
  IDENTITY_SCAN: 'Jemand probiert Namen von Ladestationen',
  NEW_NETWORK: 'Eine Ladestation hat sich aus zwei Netzen verbunden',
  CONNECTION_FLAPPING: 'Verbindungen einer Ladestation lösen einander immer wieder ab',
  PROFILE_DOWNGRADE: 'Eine Ladestation kam mit weniger Sicherheit als eingestellt',
  UNAUTHORISED_START: 'Eine Ladestation begann für eine Karte, die niemand erlaubt hat',
  MASTER_PASS_START: 'Mit einer Hauptkarte wurde ein Ladevorgang begonnen',
  OFFLINE_ENERGY: 'An eine abgewiesene Karte ging Energie, während die Ladestation offline war',
};

/** Wie ein Brief heißt. */
const LETTERS: Readonly<Record<string, string>> = {
  REMINDER: 'Zahlungserinnerung',
  FIRST_NOTICE: 'Erste Mahnung',
  SECOND_NOTICE: 'Letzte Mahnung',
};

const at = ({ place }: Words) => (place ? ` bei ${place}` : '');
const on = ({ time }: Words) => (time ? ` am ${time}` : '');

const METERS: Readonly<Record<string, string>> = {
  signature_failed: 'Die signierten Zählerstände eines Ladevorgangs sind nicht, was der Zähler signiert hat',
  register_reset: 'Ein Zählerstand ging während eines Ladevorgangs zurück',
  energy_above_connector_maximum: 'Ein Ladevorgang nahm mehr Energie, als der Anschluss geben kann',
};

const DISPUTES: Readonly<Record<string, string>> = {
  ENERGY: 'die Energie soll nicht stimmen',
  PRICE: 'der Preis soll nicht stimmen',
  IDLE: 'die Zeit ohne Laden soll nicht stimmen',
  NOT_MINE: 'jemand anderes soll geladen haben',
  OTHER: 'etwas soll nicht stimmen',
};

/** Danach, wie das Konto zahlt. */
const FUNDS_IN_TIME: Readonly<Record<string, string>> = {
  PREPAID: 'Lassen Sie Ihr Guthaben aufladen, wenn es weitergehen soll.',
  ACCOUNT: 'Bezahlen Sie offene Rechnungen, wenn es weitergehen soll.',
};
const FUNDS_FOR_MORE: Readonly<Record<string, string>> = {
  PREPAID: 'Lassen Sie Ihr Guthaben aufladen, um wieder zu laden.',
  ACCOUNT: 'Ihr Kreditrahmen ist erreicht: Bezahlen Sie offene Rechnungen, um wieder zu laden.',
  CARD: 'Ihre Karte deckt nicht mehr.',
};

/** Was aus einer Kartenzahlung wurde, die eine Bank zurückholt; `day`: bis wann Belege angenommen werden. */
const CHARGEBACKS: Readonly<Record<string, (day: string) => AlertText>> = {
  OPENED: (day) => ({
    title: 'Eine Bank holt eine Zahlung zurück',
    body: `Reichen Sie beim Zahlungsdienst${day} Belege ein, wenn die Zahlung richtig war: Woraus sie bestehen, steht bei der Rückbuchung. Bis darüber entschieden ist, geht kein Brief über die Rechnung hinaus.`,
  }),
  EVIDENCE_DUE: (day) => ({
    title: 'Belege werden fällig',
    body: `Es wurden noch keine Belege eingereicht, und das geht nur${day}. Ohne sie ist das Geld verloren.`,
  }),
  REOPENED: (day) => ({
    title: 'Eine Rückbuchung geht weiter',
    body: `Darüber war entschieden, und jetzt nicht mehr. Reichen Sie beim Zahlungsdienst${day} Belege ein, wenn die Zahlung richtig war.`,
  }),
  WON: () => ({
    title: 'Gewonnen: eine Rückbuchung',
    body: 'Das Geld kommt zurück, und die Rechnung ist wieder bezahlt.',
  }),
  LOST: () => ({
    title: 'Verloren: eine Rückbuchung',
    body: 'Das Geld ist weg. Was damit bezahlt war, ist wieder offen, und Briefe darüber gehen wie sonst hinaus: Berichtigen Sie die Rechnung, oder schreiben Sie sie ab, wenn sie falsch war.',
  }),
  CLOSED: () => ({
    title: 'Vorbei: eine Rückbuchung',
    body: 'Die Bank hat sie ohne Entscheidung geschlossen.',
  }),
};

/** Warum eine Karte abgelehnt wurde, soweit ihr Inhaber es erfährt; was eine Bank vermutet, erzählen wir nicht. */
const DECLINES: Readonly<Record<string, string>> = {
  insufficient_funds: ' (das Geld reicht dafür nicht)',
  expired_card: ' (die Karte ist abgelaufen)',
  authentication_required: ' (die Bank will, dass der Inhaber solche Zahlungen bestätigt)',
};

/** A bill that came to less than nothing. */
function inFavour(words: Words): AlertText {
  const sessions = words.month ? `Ihre Ladevorgänge im ${words.month}` : `Ihren Ladevorgang${at(words)}`;
  return {
    title: words.money ? `Zu Ihren Gunsten: ${words.money}` : 'Eine Abrechnung zu Ihren Gunsten',
    body: `Der Energiepreis lag unter null: Die Abrechnung für ${sessions}, Gutschrift ${words.invoice ?? ''}, ist zu Ihren Gunsten. ${words.money ?? 'Der Betrag'} wurde Ihrem Guthaben gutgeschrieben; es ist nichts zu zahlen.`,
  };
}

const CONTRACTS: Readonly<Record<string, string>> = {
  ADDED: 'gehört jetzt zu Ihrem Konto: Ihr Auto lädt damit von selbst.',
  REMOVED: 'gehört nicht mehr zu Ihrem Konto, und es wird nichts mehr damit geladen.',
  ADDING_DECLINED: 'wurde Ihrem Konto nicht hinzugefügt.',
  REMOVAL_DECLINED: 'bleibt bei Ihrem Konto.',
  BLOCKED:
    'wurde gesperrt: damit wird nichts geladen, bis er wieder gilt. Karten und die App funktionieren weiter.',
  EXPIRED: 'ist abgelaufen: damit wird nichts mehr geladen.',
  RELEASED: 'gilt wieder: Ihr Auto lädt damit von selbst.',
};
const CONTRACT_TITLES: Readonly<Record<string, string>> = {
  ADDED: 'Ihr Vertrag wurde hinzugefügt',
  REMOVED: 'Ihr Vertrag wurde entfernt',
  ADDING_DECLINED: 'Ihr Vertrag wurde nicht hinzugefügt',
  REMOVAL_DECLINED: 'Ihr Vertrag bleibt',
  BLOCKED: 'Ihr Vertrag wurde gesperrt',
  EXPIRED: 'Ihr Vertrag ist abgelaufen',
  RELEASED: 'Ihr Vertrag gilt wieder',
};

/** Was der Zahlungsdienst von einer Erstattung meldet, die in den Büchern erledigt ist: wo das Geld ist, und was zu tun ist. */
const REFUNDS: Readonly<Record<string, string>> = {
  FAILED:
    'In den Büchern ist sie erfolgt, und der Zahlungsdienst meldet nun, dass sie fehlgeschlagen ist: Die Karte hat das Geld nicht bekommen. Bitte prüfen Sie es dort und geben Sie es dem Fahrer auf anderem Weg zurück.',
  DONE: 'In den Büchern ist sie fehlgeschlagen, daher ging das Geld in das Guthaben, und der Zahlungsdienst meldet nun, dass sie erfolgt ist: Der Fahrer hat es doppelt. Bitte prüfen Sie es dort und klären Sie es mit dem Fahrer.',
};

export const de: Locale = {
  causes: {
    ...{ ANOMALIES, SECURITY, UPDATES, STUCK, ATTEMPTS, LETTERS, METERS, DISPUTES },
    ...{ FUNDS_IN_TIME, FUNDS_FOR_MORE, DECLINES, CONTRACTS, REFUNDS },
  },
  texts: {
    CHARGING_STARTED: (words) => ({
      title: 'Das Laden hat begonnen',
      body: `Ihr Ladevorgang${at(words)} hat${on(words)} begonnen.`,
    }),
    FULLY_CHARGED: (words) => ({
      title: 'Ihr Auto ist anscheinend voll',
      body: `Ihr Auto${at(words)} nimmt${words.time ? ` seit ${words.time}` : ''} keine Leistung mehr ab. Bitte fahren Sie es weg, sobald Sie können, damit andere laden können.`,
    }),
    CHARGING_INTERRUPTED: (words) => ({
      title: 'Das Laden wurde unterbrochen',
      body: `Das Laden${at(words)} wurde${on(words)} unterbrochen. Bitte prüfen Sie Ihr Auto und das Kabel; geht es nicht weiter, versuchen Sie es an einer anderen Ladestation.`,
    }),
    INVOICE_READY: (words) =>
      words.cause === IN_FAVOUR
        ? inFavour(words)
        : {
            title: words.money ? `Ihre Rechnung: ${words.money}` : 'Ihre Rechnung ist da',
            body: `Rechnung ${words.invoice ?? ''}${words.money ? ` über ${words.money}` : ''} ${words.month ? `für Ihre Ladevorgänge im ${words.month}` : `für Ihren Ladevorgang${at(words)}`} ist da.`,
          },
    INVOICE_CREDITED: (words) => ({
      title: words.money ? `Zurückgenommen: ${words.money}` : 'Eine Rechnung wurde zurückgenommen',
      body: `Rechnung ${words.invoice ?? ''}${words.money ? ` über ${words.money}` : ''} für Ihren Ladevorgang${at(words)} wurde mit Gutschrift ${words.cause ?? ''} zurückgenommen. Was Sie bezahlt haben, ist in Ihrem Guthaben. Ist stattdessen etwas fällig, folgt eine andere Rechnung.`,
    }),
    DISPUTE_DECIDED: (words) => ({
      title:
        words.cause === 'ACCEPTED' ? 'Ihr Einwand wurde angenommen' : 'Ihr Einwand wurde nicht angenommen',
      body: `Wir haben Ihren Einwand gegen Rechnung ${words.invoice ?? ''} für Ihren Ladevorgang${at(words)} geprüft. ${
        words.cause === 'ACCEPTED'
          ? 'Die Rechnung wurde zurückgenommen, und was richtig ist, folgt.'
          : 'Die Rechnung bleibt, wie sie ist.'
      } Beim Ladevorgang steht, was wir festgestellt haben.`,
    }),
    MONEY_LOW: (words) => ({
      title: 'Das Geld für Ihren Ladevorgang ist fast verbraucht',
      body: `Von ${words.money ?? 'dem Geld'}, das Ihr Ladevorgang${at(words)} kosten darf, ist das meiste verbraucht.${
        words.time ? ` Bei der jetzigen Leistung reicht es bis etwa ${words.time}.` : ''
      } ${FUNDS_IN_TIME[words.cause ?? ''] ?? ''} Sonst endet das Laden, wenn es verbraucht ist.`,
    }),
    MONEY_USED_UP: (words) => ({
      title: 'Das Laden endet: das Geld ist verbraucht',
      body: `Ihr Ladevorgang${at(words)} hat ${words.money ?? 'das Geld'} verbraucht, das er kosten darf, und wird beendet. ${FUNDS_FOR_MORE[words.cause ?? ''] ?? ''}`.trim(),
    }),
    CARD_DECLINED: (words) => ({
      title: words.money ? `Ihre Karte wurde abgelehnt: ${words.money}` : 'Ihre Karte wurde abgelehnt',
      body:
        words.purpose === 'MONTH'
          ? `Ihre Karte wurde für ${words.money ?? 'den offenen Teil'} Ihrer Monatsrechnung abgelehnt${DECLINES[words.cause ?? ''] ?? ''}. Die Rechnung bleibt offen: Bitte bezahlen Sie sie mit einer anderen Karte oder per Überweisung, oder laden Sie Ihr Guthaben auf.`
          : words.purpose === 'INVOICE'
            ? `Ihre Karte wurde für ${words.money ?? 'den offenen Teil'} der Rechnung Ihres Ladevorgangs${at(words)} abgelehnt${DECLINES[words.cause ?? ''] ?? ''}. Die Rechnung bleibt offen: Bitte bezahlen Sie sie mit einer anderen Karte, oder laden Sie Ihr Guthaben auf.`
            : `Ihre Karte wurde abgelehnt, als darauf ${words.money ?? 'Geld'} für Ihren Ladevorgang${at(words)} reserviert werden sollte${DECLINES[words.cause ?? ''] ?? ''}. Der Ladevorgang wird beendet, wenn er noch läuft. Um zu laden, fügen Sie Ihrem Konto eine andere Karte hinzu, oder laden Sie Ihr Guthaben auf und zahlen Sie damit.`,
    }),
    CARD_CONFIRM: (words) => ({
      title: words.money
        ? `Bitte bestätigen Sie eine Zahlung: ${words.money}`
        : 'Bitte bestätigen Sie eine Zahlung',
      body:
        words.purpose === 'SESSION'
          ? `Ihre Bank will, dass Sie bestätigen, dass ${words.money ?? 'Geld'} auf Ihrer Karte für Ihren Ladevorgang${at(words)} reserviert wird. Öffnen Sie die App und bestätigen Sie es innerhalb einer Stunde; sonst wird der Ladevorgang beendet.`
          : `Ihre Bank will, dass Sie die Zahlung von ${words.money ?? 'dem offenen Teil'} ${words.purpose === 'MONTH' ? 'Ihrer Monatsrechnung' : `der Rechnung Ihres Ladevorgangs${at(words)}`} bestätigen. Öffnen Sie die Rechnung in der App und bezahlen Sie sie dort: Sie werden dann gefragt. Bis dahin bleibt sie offen.`,
    }),
    INVOICE_OVERDUE: (words) => ({
      title: `${LETTERS[words.cause ?? ''] ?? 'Überfällig'}: Rechnung ${words.invoice ?? ''}`.trim(),
      body: `Rechnung ${words.invoice ?? ''} war${words.day ? ` bis zum ${words.day}` : ''} zu bezahlen und ist noch offen. Bitte bezahlen Sie ${words.money ?? 'sie'}${
        words.charges ? `, davon ${words.charges} für Gebühren und Zinsen` : ''
      }.${words.instructions ? ` So bezahlen Sie: ${words.instructions}.` : ''}${
        words.blocked ? ' Bis sie bezahlt ist, können Sie kein Laden beginnen.' : ''
      } Haben Sie inzwischen bezahlt, danken wir Ihnen, und dieser Brief ist erledigt. Stimmt an der Rechnung etwas nicht, erheben Sie beim Ladevorgang Einwand.`,
    }),
    INVOICE_SETTLED: (words) => ({
      title: `Erledigt: Rechnung ${words.invoice ?? ''}`,
      body: `Von Rechnung ${words.invoice ?? ''} ist nichts mehr zu bezahlen. Vielen Dank.${
        words.charges ? ` Von Gebühren und Zinsen sind noch ${words.charges} offen.` : ''
      }`,
    }),
    DEBT_COLLECTION: (words) => ({
      title: `Nicht bezahlt: Rechnung ${words.invoice ?? ''}`,
      body: `Alle Briefe über Rechnung ${words.invoice ?? ''}${words.money ? ` über ${words.money}` : ''} sind verschickt, und sie ist nicht bezahlt. Bitte geben Sie sie an ein Inkassobüro, oder schreiben Sie sie ab.`,
    }),
    PAYMENT_TAKEN_BACK: (words) => ({
      title: words.invoice ? `Wieder offen: Rechnung ${words.invoice}` : 'Eine Zahlung wurde zurückgeholt',
      body: `Ihre Bank hat eine Kartenzahlung zurückgeholt${words.invoice ? `, sodass Rechnung ${words.invoice} wieder offen ist` : ''}. Bitte bezahlen Sie ${words.money ?? 'den Betrag'} aus Ihrem Guthaben oder per Überweisung. Stimmt etwas an einer Rechnung nicht, erheben Sie bitte Einwand bei ihrem Ladevorgang statt bei Ihrer Bank.`,
    }),
    CONTRACT_DECIDED: (words) => ({
      title: CONTRACT_TITLES[words.cause ?? ''] ?? 'Ihr Vertrag wurde geändert',
      body: `Ihr Vertrag${words.contract ? ` ${words.contract}` : ''} ${CONTRACTS[words.cause ?? ''] ?? 'wurde geändert.'}${words.remark ? ` Von uns: ${words.remark}` : ''}`,
    }),
    CHARGEBACK: (words) => {
      const { title, body } = (CHARGEBACKS[words.cause ?? ''] ?? CHARGEBACKS['OPENED']!)(
        words.day ? ` bis zum ${words.day}` : '',
      );
      return {
        title: words.money ? `${title}: ${words.money}` : title,
        body: `Es geht um eine Kartenzahlung${words.invoice ? ` für Rechnung ${words.invoice}` : ''}${at(words)}. ${body}`,
      };
    },
    REFUND_CONTRADICTED: (words) => ({
      title: words.money ? `Zweifelhafte Erstattung: ${words.money}` : 'Zweifelhafte Erstattung',
      body: `Es geht um eine Erstattung auf eine Karte${words.invoice ? ` für Rechnung ${words.invoice}` : ''}${words.payment ? ` (der Zahlung ${words.payment})` : ''}${at(words)}. ${REFUNDS[words.cause ?? ''] ?? 'Der Zahlungsdienst meldet davon, was die Bücher nicht sagen.'} Die Bücher bleiben, wie sie sind.`,
    }),
    DISPUTE_OPENED: (words) => ({
      title: `Einwand gegen Rechnung ${words.invoice ?? ''}`,
      body: `Gegen Rechnung ${words.invoice ?? ''} für einen Ladevorgang${at(words)} wird Einwand erhoben: ${DISPUTES[words.cause ?? ''] ?? DISPUTES['OTHER']}. Sie wird nicht bezahlt, bevor jemand entschieden hat.`,
    }),
    STATION_FAULT: (words) => ({
      title: `Störung: ${words.station ?? 'eine Ladestation'}`,
      body: `${words.connector ? `Anschluss ${words.connector} von ${words.station ?? 'einer Ladestation'}` : (words.station ?? 'Eine Ladestation')} meldet eine Störung${
        words.cause && words.cause !== 'NoError' ? ` (${words.cause})` : ''
      } seit ${words.time ?? 'jetzt'}.`,
    }),
    ANOMALY: (words) => ({
      title: `Ungewöhnlich: ${words.station ?? 'eine Ladestation'}`,
      body: `${ANOMALIES[words.cause ?? ''] ?? 'Etwas Ungewöhnliches wurde gefunden'}${at(words)}${on(words)}.`,
    }),
    STATION_SECURITY: (words) => ({
      title: `Sicherheit: ${words.station ?? 'eine Ladestation'}`,
      body: `${words.place ?? 'Eine Ladestation'} meldet, dass ${SECURITY[words.cause ?? ''] ?? `es ein Sicherheitsereignis gab${words.cause ? ` (${words.cause})` : ''}`}, seit ${words.time ?? 'jetzt'}. Bitte sehen Sie sich die Sicherheitsereignisse der Ladestation an.`,
    }),
    FIRMWARE_FAILED: (words) => ({
      title: `Firmware nicht aktualisiert: ${words.station ?? 'eine Ladestation'}`,
      body: `${UPDATES[words.cause ?? ''] ?? 'Eine Firmware konnte nicht aktualisiert werden'}${at(words)}${on(words)}. Die Ladestation behält, was sie hatte, wenn sie nichts anderes sagt.`,
    }),
    CONNECTOR_STUCK: (words) => ({
      title: `Es muss jemand hin: ${words.station ?? 'eine Ladestation'}`,
      body: `${words.connector ? `Anschluss ${words.connector}${words.evse ? ` von Ladepunkt ${words.evse}` : ''}${words.place ? ` von ${words.place}` : ''}` : (words.place ?? 'Ein Anschluss')} ${STUCK[words.cause ?? ''] ?? 'funktioniert nicht'}. Sein Zustand wurde erfragt, er wurde neu gestartet und entriegelt, soweit das helfen konnte, und es ist nicht behoben${on(words)}. Bitte lassen Sie jemanden nachsehen.`,
    }),
    METER_DISPUTED: (words) => ({
      title: `Nicht abgerechnet: ${words.station ?? 'eine Ladestation'}`,
      body: `${METERS[words.cause ?? ''] ?? 'Die Zählerstände eines Ladevorgangs widersprechen sich'}${at(words)}${on(words)}. Der Ladevorgang wird nicht abgerechnet, bevor jemand nachgesehen hat.`,
    }),
    BILL_QUESTIONED: (words) => ({
      title: `Wessen Rechnung? ${words.station ?? 'Eine Ladestation'}`,
      body: `Ein Ladevorgang${at(words)}${on(words)} ist abgerechnet, und seitdem wurde ein anderer Fahrer dafür gemeldet. Die Rechnung bleibt, wie sie ist, bis jemand nachgesehen hat: Bitte berichtigen Sie sie, wo sie falsch ist, und lassen Sie sie dann stehen.`,
    }),
    TRANSACTION_ORPHANED: (words) => ({
      title: `Nicht abgerechnet: ${words.station ?? 'eine Ladestation'}`,
      body: `Ein Ladevorgang${at(words)}${on(words)} hatte die Kennung eines beendeten; er wird nicht abgerechnet, seine Nachrichten sind aufbewahrt. Bitte sehen Sie sie bei den Nachrichten ohne Ladevorgang an, und sorgen Sie dafür, dass die Ladestation jede Kennung nur einmal vergibt.`,
    }),
    PRICES_MISSING: (words) => ({
      title: `Keine Marktpreise${words.cause ? `: ${words.cause}` : ''}`,
      body: `Die Quelle der Marktpreise hat nicht alle Preise${words.cause ? ` vom ${words.cause}` : ' von morgen'} gebracht. Wo sie fehlen, gilt für Tarife nach dem Markt der Tarif, den sie dafür nennen. Die Quelle wird von selbst wieder gefragt.`,
    }),
    UNAUTHORISED_ATTEMPT: (words) => ({
      title: `Unerlaubter Versuch${words.suspect ? `: ${words.suspect}` : ''}`,
      body: `${ATTEMPTS[words.cause ?? ''] ?? 'Jemand probiert vielleicht, was ihm nicht gehört'}${words.suspect ? ` (${words.suspect})` : ''}${on(words)}. Bei den Vorfällen steht, was gesehen wurde und was zu tun ist.`,
    }),
  },
  mail: {
    greeting: (name) => (name ? `Guten Tag ${name},` : 'Guten Tag,'),
    link: 'Hier ansehen:',
    papers: {
      attached: (names) => `Im Anhang: ${names}.`,
      tooLarge: (names) =>
        `Zu groß für den Anhang: ${names}. Sie können es in Ihrem Konto bei Ihren Rechnungen herunterladen.`,
      missing:
        'Das Dokument konnte dieser Nachricht nicht angehängt werden. Sie können es in Ihrem Konto bei Ihren Rechnungen herunterladen.',
    },
    footer: 'In Ihren Einstellungen wählen Sie, welche Nachrichten Sie bekommen.',
  },
};

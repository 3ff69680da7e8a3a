/** Dutch texts. */
import { IN_FAVOUR } from './alert.js';
import type { AlertText, Locale, Words } from './wording.js';

const ANOMALIES: Readonly<Record<string, string>> = {
  ZERO_ENERGY: 'Er loopt een sessie, maar er stroomt geen energie',
  POWER_DROP: 'Het laadvermogen zakte zonder bekende reden',
  INTERRUPTION: 'Het laden werd onderbroken',
  NO_READINGS: 'Er loopt een sessie, maar de laadpaal stuurt geen metingen',
};

/** Zoals in "CP-1 meldt dat ...". */
const SECURITY: Readonly<Record<string, string>> = {
  TamperDetectionActivated: 'iemand het mogelijk heeft geopend of verplaatst',
  SecurityLogWasCleared: 'zijn beveiligingslogboek is gewist',
  MemoryExhaustion: 'zijn geheugen vol is',
  InvalidFirmwareSignature: 'een firmware een verkeerde handtekening had',
  InvalidFirmwareSigningCertificate: 'een firmware met een verkeerd certificaat was ondertekend',
  InvalidCsmsCertificate: 'het ons certificaat niet vertrouwt',
  InvalidCentralSystemCertificate: 'het ons certificaat niet vertrouwt',
  InvalidChargingStationCertificate: 'zijn eigen certificaat niet klopt',
  InvalidTLSVersion: 'een verbinding met een onveilige TLS-versie is geweigerd',
  InvalidTLSCipherSuite: 'een verbinding met een onveilige versleuteling is geweigerd',
};

const UPDATES: Readonly<Record<string, string>> = {
  DOWNLOAD_FAILED: 'De firmware kon niet worden opgehaald',
  INVALID_SIGNATURE: 'De handtekening van de firmware klopt niet',
  INVALID_CHECKSUM: 'De controlesom van de firmware klopt niet',
  INSTALLATION_FAILED: 'De firmware kon niet worden geïnstalleerd',
  INSTALL_VERIFICATION_FAILED: 'De firmware is niet wat zij moet zijn',
  PUBLISH_FAILED: 'De firmware kon niet worden gepubliceerd',
};

const STUCK: Readonly<Record<string, string>> = {
  PHANTOM_PLUG: 'meldt een stekker die komt en gaat zonder dat er iemand is',
  STUCK_FINISHING: 'is al een halve dag bezig een sessie af te ronden',
  STUCK_FAULTED: 'blijft in storing',
};

const ATTEMPTS: Readonly<Record<string, string>> = {
  TOKEN_GUESSING: 'Iemand probeert pas na pas bij een station',
  KEY_CODE_GUESSING: 'Iemand raadt codes op een toetsenbord',
  TOKEN_AT_MANY_STATIONS: 'Een geweigerde pas wordt bij meerdere stations geprobeerd',
  IMPOSSIBLE_TRAVEL:
    'Een pas werd op twee plaatsen geaccepteerd die te ver uit elkaar liggen: er is misschien een kopie',
  CONCURRENT_USE: 'Een pas werd aangeboden terwijl hij elders laadt',
  REVOKED_CONTRACT: 'Een ingetrokken of verlopen contract werd opnieuw aangeboden',
  FORGED_CHAIN: 'Een contractcertificaat was vervalst',
  SEQUENTIAL_UIDS: 'Iemand telt pasnummers door bij een station',
  STATION_CREDENTIAL: 'Iemand kan niet bewijzen dat hij een station is',
  IDENTITY_SCAN: 'Iemand probeert namen van stations',
  NEW_NETWORK: 'Een station maakte verbinding vanuit twee netwerken',
  CONNECTION_FLAPPING: 'Verbindingen van een station vervangen elkaar steeds weer',
  PROFILE_DOWNGRADE: 'Een station kwam met minder beveiliging dan ingesteld',
  UNAUTHORISED_START: 'Een station begon voor een pas die niemand toestond',
  MASTER_PASS_START: 'Met een hoofdpas werd een sessie gestart',
  OFFLINE_ENERGY: 'Er ging energie naar een geweigerde pas terwijl het station offline was',
};

/** Hoe een brief heet. */
const LETTERS: Readonly<Record<string, string>> = {
  REMINDER: 'Herinnering',
  FIRST_NOTICE: 'Eerste aanmaning',
  SECOND_NOTICE: 'Laatste aanmaning',
};

const at = ({ place }: Words) => (place ? ` bij ${place}` : '');
const on = ({ time }: Words) => (time ? ` op ${time}` : '');

const METERS: Readonly<Record<string, string>> = {
  signature_failed: 'De ondertekende meterstanden van een sessie zijn niet wat de meter heeft ondertekend',
  register_reset: 'De stand van een meter liep tijdens een sessie terug',
  energy_above_connector_maximum: 'Een sessie nam meer energie dan de aansluiting kan geven',
};

const DISPUTES: Readonly<Record<string, string>> = {
  ENERGY: 'de energie zou niet kloppen',
  PRICE: 'de prijs zou niet kloppen',
  IDLE: 'de tijd zonder laden zou niet kloppen',
  NOT_MINE: 'iemand anders zou geladen hebben',
  OTHER: 'er zou iets niet kloppen',
};

/** Naar hoe het account betaalt. */
const FUNDS_IN_TIME: Readonly<Record<string, string>> = {
  PREPAID: 'Laat uw wallet opwaarderen als ze door moet gaan.',
  ACCOUNT: 'Betaal openstaande facturen als ze door moet gaan.',
};
const FUNDS_FOR_MORE: Readonly<Record<string, string>> = {
  PREPAID: 'Laat uw wallet opwaarderen om weer te laden.',
  ACCOUNT: 'Uw kredietlimiet is bereikt: betaal openstaande facturen om weer te laden.',
  CARD: 'Uw kaart dekt niet meer.',
};

/** Wat er gebeurde met een kaartbetaling die de bank terughaalt; `day`: tot wanneer bewijs mag komen. */
const CHARGEBACKS: Readonly<Record<string, (day: string) => AlertText>> = {
  OPENED: (day) => ({
    title: 'Een bank haalt een betaling terug',
    body: `Dien bij de betaaldienst bewijs in${day} als de betaling juist was: waaruit het bestaat, staat bij de terugboeking. Tot er beslist is, gaat er geen brief over de factuur uit.`,
  }),
  EVIDENCE_DUE: (day) => ({
    title: 'Er is bewijs nodig',
    body: `Er is nog geen bewijs ingediend, en dat kan alleen${day}. Zonder bewijs is het geld weg.`,
  }),
  REOPENED: (day) => ({
    title: 'Een terugboeking gaat verder',
    body: `Er was beslist, en nu niet meer. Dien bij de betaaldienst bewijs in${day} als de betaling juist was.`,
  }),
  WON: () => ({
    title: 'Gewonnen: een terugboeking',
    body: 'Het geld komt terug, en de factuur is weer betaald.',
  }),
  LOST: () => ({
    title: 'Verloren: een terugboeking',
    body: 'Het geld is weg. Wat ermee betaald was, is weer verschuldigd, en brieven daarover gaan gewoon uit: corrigeer de afrekening, of schrijf haar af, als ze niet klopte.',
  }),
  CLOSED: () => ({
    title: 'Afgesloten: een terugboeking',
    body: 'De bank heeft haar zonder beslissing afgesloten.',
  }),
};

/** Waarom een kaart is geweigerd, voor zover de houder dat hoort; een vermoeden van de bank vertellen we niet. */
const DECLINES: Readonly<Record<string, string>> = {
  insufficient_funds: ' (er is niet genoeg geld voor)',
  expired_card: ' (de kaart is verlopen)',
  authentication_required: ' (de bank wil dat de houder zulke betalingen bevestigt)',
};

/** A bill that came to less than nothing. */
function inFavour(words: Words): AlertText {
  const sessions = words.month ? `laadsessies in ${words.month}` : `laadsessie${at(words)}`;
  return {
    title: words.money ? `In uw voordeel: ${words.money}` : 'Een afrekening in uw voordeel',
    body: `De energieprijs was lager dan nul: de afrekening voor uw ${sessions}, creditnota ${words.invoice ?? ''}, is in uw voordeel. ${words.money ?? 'Het bedrag'} is in uw wallet gestort; u hoeft niets te betalen.`,
  };
}

const CONTRACTS: Readonly<Record<string, string>> = {
  ADDED: 'staat op uw account: uw auto laadt er vanzelf op.',
  REMOVED: 'staat niet meer op uw account, en er wordt niets meer op geladen.',
  ADDING_DECLINED: 'is niet aan uw account toegevoegd.',
  REMOVAL_DECLINED: 'blijft op uw account staan.',
  BLOCKED:
    'is geblokkeerd: er wordt niets op geladen tot het weer geldig is. Passen en de app blijven werken.',
  EXPIRED: 'is afgelopen: er wordt niets meer op geladen.',
  RELEASED: 'is weer geldig: uw auto laadt er vanzelf op.',
};
const CONTRACT_TITLES: Readonly<Record<string, string>> = {
  ADDED: 'Uw contract is toegevoegd',
  REMOVED: 'Uw contract is verwijderd',
  ADDING_DECLINED: 'Uw contract is niet toegevoegd',
  REMOVAL_DECLINED: 'Uw contract blijft staan',
  BLOCKED: 'Uw contract is geblokkeerd',
  EXPIRED: 'Uw contract is afgelopen',
  RELEASED: 'Uw contract is weer geldig',
};

/** Wat de betaaldienst meldt van een terugbetaling die in de boeken klaar is: waar het geld is, en wat te doen. */
const REFUNDS: Readonly<Record<string, string>> = {
  FAILED:
    'Volgens de boeken is ze gedaan, en de betaaldienst meldt nu dat ze is mislukt: de kaart heeft het geld niet gekregen. Kijk het daar na en geef het de bestuurder op een andere manier terug.',
  DONE: 'Volgens de boeken is ze mislukt, dus kreeg het tegoed het geld, en de betaaldienst meldt nu dat ze is gedaan: de bestuurder heeft het twee keer. Kijk het daar na en regel het met de bestuurder.',
};

export const nl: Locale = {
  causes: {
    ...{ ANOMALIES, SECURITY, UPDATES, STUCK, ATTEMPTS, LETTERS, METERS, DISPUTES },
    ...{ FUNDS_IN_TIME, FUNDS_FOR_MORE, DECLINES, CONTRACTS, REFUNDS },
  },
  texts: {
    CHARGING_STARTED: (words) => ({
      title: 'Het laden is begonnen',
      body: `Uw laadsessie${at(words)} is${on(words)} begonnen.`,
    }),
    FULLY_CHARGED: (words) => ({
      title: 'Uw auto lijkt vol te zijn',
      body: `Uw auto${at(words)} vraagt${on(words)} geen vermogen meer. Wilt u hem verplaatsen zodra het kan? Dan kan een ander laden.`,
    }),
    CHARGING_INTERRUPTED: (words) => ({
      title: 'Het laden is onderbroken',
      body: `Het laden${at(words)} is${on(words)} onderbroken. Kijk uw auto en de kabel na; gaat het niet verder, probeer dan een andere lader.`,
    }),
    INVOICE_READY: (words) =>
      words.cause === IN_FAVOUR
        ? inFavour(words)
        : {
            title: words.money ? `Uw factuur: ${words.money}` : 'Uw factuur staat klaar',
            body: `Factuur ${words.invoice ?? ''}${words.money ? ` van ${words.money}` : ''} ${words.month ? `voor uw laadsessies in ${words.month}` : `voor uw laadsessie${at(words)}`} staat klaar.`,
          },
    INVOICE_CREDITED: (words) => ({
      title: words.money ? `Ingetrokken: ${words.money}` : 'Een factuur is ingetrokken',
      body: `Factuur ${words.invoice ?? ''}${words.money ? ` van ${words.money}` : ''} voor uw laadsessie${at(words)} is ingetrokken met creditnota ${words.cause ?? ''}. Wat u betaald hebt, staat in uw wallet. Is er in plaats daarvan iets verschuldigd, dan volgt een andere factuur.`,
    }),
    DISPUTE_DECIDED: (words) => ({
      title: words.cause === 'ACCEPTED' ? 'Uw bezwaar is aangenomen' : 'Uw bezwaar is niet aangenomen',
      body: `We hebben uw bezwaar tegen factuur ${words.invoice ?? ''} voor uw laadsessie${at(words)} bekeken. ${
        words.cause === 'ACCEPTED'
          ? 'De factuur is ingetrokken, en wat juist is, volgt.'
          : 'De factuur blijft zoals ze is.'
      } Bij de sessie staat wat we gevonden hebben.`,
    }),
    MONEY_LOW: (words) => ({
      title: 'Het geld voor uw sessie is bijna op',
      body: `Van ${words.money ?? 'het geld'} dat uw laadsessie${at(words)} mag kosten, is het meeste op.${
        words.time ? ` Met het huidige vermogen is het genoeg tot ongeveer ${words.time}.` : ''
      } ${FUNDS_IN_TIME[words.cause ?? ''] ?? ''} Anders stopt het laden zodra het op is.`,
    }),
    MONEY_USED_UP: (words) => ({
      title: 'Het laden stopt: het geld is op',
      body: `Uw laadsessie${at(words)} heeft ${words.money ?? 'het geld'} dat ze mag kosten verbruikt en wordt gestopt. ${FUNDS_FOR_MORE[words.cause ?? ''] ?? ''}`.trim(),
    }),
    CARD_DECLINED: (words) => ({
      title: words.money ? `Uw kaart is geweigerd: ${words.money}` : 'Uw kaart is geweigerd',
      body:
        words.purpose === 'MONTH'
          ? `Uw kaart is geweigerd voor ${words.money ?? 'wat openstaat'} van uw maandfactuur${DECLINES[words.cause ?? ''] ?? ''}. De factuur blijft openstaan: betaal haar met een andere kaart of per overschrijving, of laat uw wallet opwaarderen.`
          : words.purpose === 'INVOICE'
            ? `Uw kaart is geweigerd voor ${words.money ?? 'wat openstaat'} van de rekening van uw laadsessie${at(words)}${DECLINES[words.cause ?? ''] ?? ''}. De factuur blijft openstaan: betaal haar met een andere kaart, of laat uw wallet opwaarderen.`
            : `Uw kaart is geweigerd toen er ${words.money ?? 'geld'} op gereserveerd moest worden voor uw laadsessie${at(words)}${DECLINES[words.cause ?? ''] ?? ''}. De sessie wordt gestopt als ze nog loopt. Om te laden voegt u een andere kaart aan uw account toe, of laat u uw wallet opwaarderen en betaalt u daarmee.`,
    }),
    CARD_CONFIRM: (words) => ({
      title: words.money ? `Bevestig een betaling: ${words.money}` : 'Bevestig een betaling',
      body:
        words.purpose === 'SESSION'
          ? `Uw bank wil dat u bevestigt dat ${words.money ?? 'geld'} op uw kaart wordt gereserveerd voor uw laadsessie${at(words)}. Open de app en bevestig het binnen een uur; anders wordt de sessie gestopt.`
          : `Uw bank wil dat u de betaling bevestigt van ${words.money ?? 'wat openstaat'} van ${words.purpose === 'MONTH' ? 'uw maandfactuur' : `de rekening van uw laadsessie${at(words)}`}. Open de factuur in de app en betaal haar daar: u wordt dan om bevestiging gevraagd. Tot dan blijft ze openstaan.`,
    }),
    INVOICE_OVERDUE: (words) => ({
      title: `${LETTERS[words.cause ?? ''] ?? 'Te laat'}: factuur ${words.invoice ?? ''}`.trim(),
      body: `Factuur ${words.invoice ?? ''} moest${words.day ? ` uiterlijk op ${words.day}` : ''} betaald zijn en staat nog open. Wilt u ${words.money ?? 'haar'} betalen${
        words.charges ? `, waarvan ${words.charges} voor kosten en rente` : ''
      }?${words.instructions ? ` Zo betaalt u: ${words.instructions}.` : ''}${
        words.blocked ? ' Tot ze betaald is, kunt u niet beginnen te laden.' : ''
      } Hebt u intussen betaald, dan danken we u en hoeft u niets te doen. Klopt er iets niet aan de factuur, maak dan bezwaar bij de sessie.`,
    }),
    INVOICE_SETTLED: (words) => ({
      title: `Afgehandeld: factuur ${words.invoice ?? ''}`,
      body: `Van factuur ${words.invoice ?? ''} hoeft niets meer betaald te worden. Dank u.${
        words.charges ? ` Van kosten en rente staat nog ${words.charges} open.` : ''
      }`,
    }),
    DEBT_COLLECTION: (words) => ({
      title: `Niet betaald: factuur ${words.invoice ?? ''}`,
      body: `Alle brieven over factuur ${words.invoice ?? ''}${words.money ? ` van ${words.money}` : ''} zijn verstuurd, en ze is niet betaald. Geef haar aan een incassobureau, of schrijf haar af.`,
    }),
    PAYMENT_TAKEN_BACK: (words) => ({
      title: words.invoice ? `Weer open: factuur ${words.invoice}` : 'Een betaling is teruggehaald',
      body: `Uw bank heeft een kaartbetaling teruggehaald${words.invoice ? `, zodat factuur ${words.invoice} weer openstaat` : ''}. Wilt u ${words.money ?? 'het bedrag'} uit uw wallet of per overschrijving betalen? Klopt er iets niet aan een afrekening, maak dan bezwaar bij de sessie in plaats van bij uw bank.`,
    }),
    CONTRACT_DECIDED: (words) => ({
      title: CONTRACT_TITLES[words.cause ?? ''] ?? 'Uw contract is gewijzigd',
      body: `Uw contract${words.contract ? ` ${words.contract}` : ''} ${CONTRACTS[words.cause ?? ''] ?? 'is gewijzigd.'}${words.remark ? ` Van ons: ${words.remark}` : ''}`,
    }),
    CHARGEBACK: (words) => {
      const { title, body } = (CHARGEBACKS[words.cause ?? ''] ?? CHARGEBACKS['OPENED']!)(
        words.day ? ` tot ${words.day}` : '',
      );
      return {
        title: words.money ? `${title}: ${words.money}` : title,
        body: `Het gaat om een kaartbetaling${words.invoice ? ` voor factuur ${words.invoice}` : ''}${at(words)}. ${body}`,
      };
    },
    REFUND_CONTRADICTED: (words) => ({
      title: words.money ? `Terugbetaling in twijfel: ${words.money}` : 'Terugbetaling in twijfel',
      body: `Het gaat om een terugbetaling op een kaart${words.invoice ? ` voor factuur ${words.invoice}` : ''}${words.payment ? ` (van betaling ${words.payment})` : ''}${at(words)}. ${REFUNDS[words.cause ?? ''] ?? 'De betaaldienst meldt ervan wat de boeken niet zeggen.'} De boeken blijven zoals ze zijn.`,
    }),
    DISPUTE_OPENED: (words) => ({
      title: `Bezwaar tegen factuur ${words.invoice ?? ''}`,
      body: `Een bestuurder maakt bezwaar tegen factuur ${words.invoice ?? ''} voor een sessie${at(words)}: ${DISPUTES[words.cause ?? ''] ?? DISPUTES['OTHER']}. Ze wordt niet betaald voordat iemand beslist heeft.`,
    }),
    STATION_FAULT: (words) => ({
      title: `Storing: ${words.station ?? 'een laadstation'}`,
      body: `${words.connector ? `Connector ${words.connector} van ` : ''}${words.station ?? 'een laadstation'} meldt een storing${
        words.cause && words.cause !== 'NoError' ? ` (${words.cause})` : ''
      } sinds ${words.time ?? 'nu'}.`,
    }),
    ANOMALY: (words) => ({
      title: `Ongewoon: ${words.station ?? 'een laadstation'}`,
      body: `${ANOMALIES[words.cause ?? ''] ?? 'Er is iets ongewoons gevonden'}${at(words)}${on(words)}.`,
    }),
    STATION_SECURITY: (words) => ({
      title: `Beveiliging: ${words.station ?? 'een laadstation'}`,
      body: `${words.place ?? 'Een laadstation'} meldt dat ${SECURITY[words.cause ?? ''] ?? `er iets met de beveiliging is${words.cause ? ` (${words.cause})` : ''}`}, sinds ${words.time ?? 'nu'}. Bekijk de beveiligingsmeldingen van het station.`,
    }),
    FIRMWARE_FAILED: (words) => ({
      title: `Firmware niet bijgewerkt: ${words.station ?? 'een laadstation'}`,
      body: `${UPDATES[words.cause ?? ''] ?? 'Een firmware kon niet worden bijgewerkt'}${at(words)}${on(words)}. Het station houdt wat het had, tenzij het iets anders zegt.`,
    }),
    CONNECTOR_STUCK: (words) => ({
      title: `Er moet iemand heen: ${words.station ?? 'een laadstation'}`,
      body: `${words.connector ? `Aansluiting ${words.connector}${words.evse ? ` van laadpunt ${words.evse}` : ''}${words.place ? ` van ${words.place}` : ''}` : (words.place ?? 'Een aansluiting')} ${STUCK[words.cause ?? ''] ?? 'werkt niet'}. De status is gevraagd, de aansluiting is herstart en ontgrendeld voor zover dat kon helpen, en het is niet over${on(words)}. Laat iemand gaan kijken.`,
    }),
    METER_DISPUTED: (words) => ({
      title: `Niet gefactureerd: ${words.station ?? 'een laadstation'}`,
      body: `${METERS[words.cause ?? ''] ?? 'De meterstanden van een sessie spreken elkaar tegen'}${at(words)}${on(words)}. De sessie wordt pas gefactureerd als iemand ernaar heeft gekeken.`,
    }),
    BILL_QUESTIONED: (words) => ({
      title: `Wiens factuur? ${words.station ?? 'Een laadstation'}`,
      body: `Een sessie${at(words)}${on(words)} is gefactureerd, en daarna is een andere bestuurder ervoor gemeld. De factuur blijft zoals ze is tot iemand heeft gekeken: verbeter haar waar ze niet klopt en laat haar dan staan.`,
    }),
    TRANSACTION_ORPHANED: (words) => ({
      title: `Niet gefactureerd: ${words.station ?? 'een laadstation'}`,
      body: `Een sessie${at(words)}${on(words)} had het nummer van een die al was afgelopen; ze wordt niet gefactureerd en haar berichten zijn bewaard. Bekijk ze bij de berichten zonder sessie en zorg dat het laadstation elk transactienummer maar één keer gebruikt.`,
    }),
    PRICES_MISSING: (words) => ({
      title: `Geen marktprijzen${words.cause ? `: ${words.cause}` : ''}`,
      body: `De bron van marktprijzen heeft niet alle prijzen gebracht${words.cause ? ` van ${words.cause}` : ' van morgen'}. Waar ze ontbreken, geldt voor tarieven naar de markt het tarief dat ze daarvoor noemen. De bron wordt vanzelf opnieuw gevraagd.`,
    }),
    UNAUTHORISED_ATTEMPT: (words) => ({
      title: `Ongeoorloofde poging${words.suspect ? `: ${words.suspect}` : ''}`,
      body: `${ATTEMPTS[words.cause ?? ''] ?? 'Iemand probeert misschien wat niet van hem is'}${words.suspect ? ` (${words.suspect})` : ''}${on(words)}. Bij de incidenten staat wat er gezien is en wat u kunt doen.`,
    }),
  },
  mail: {
    greeting: (name) => (name ? `Hallo ${name},` : 'Hallo,'),
    link: 'Bekijk het hier:',
    papers: {
      attached: (names) => `Bijgevoegd: ${names}.`,
      tooLarge: (names) =>
        `Te groot om bij te voegen: ${names}. U kunt het in uw account bij uw facturen downloaden.`,
      missing:
        'Het document kon niet bij dit bericht worden gevoegd. U kunt het in uw account bij uw facturen downloaden.',
    },
    footer: 'In uw instellingen kiest u welke berichten u krijgt.',
  },
};

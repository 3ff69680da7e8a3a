import { Billing1763700000000 } from './0001-billing.js';
import { CostDisplay1764400000100 } from './0002-cost-display.js';
import { VatChecks1764950000000 } from './0003-vat-checks.js';
import { TariffAssignments1796650000000 } from './0010-tariff-assignments.js';
import { BillDecisions1796660000000 } from './0011-bill-decisions.js';
import { Corrections1796661000000 } from './0012-corrections.js';
import { CorrectionKeys1796662000000 } from './0013-correction-keys.js';
import { Disputes1796663000000 } from './0014-disputes.js';
import { PaymentTerms1796700000000 } from './0025-payment-terms.js';
import { SessionFunds1796701000000 } from './0026-session-funds.js';
import { CollectiveInvoices1796730000000 } from './0030-collective-invoices.js';
import { InvoicedCdrs1796731000000 } from './0031-invoiced-cdrs.js';
import { Invoicing1796732000000 } from './0032-invoicing.js';
import { DueDates1796733000000 } from './0033-due-dates.js';
import { PlannedTariffs1796740000000 } from './0040-planned-tariffs.js';
import { PriceFeeds1796741000000 } from './0041-price-feeds.js';
import { TariffSources1796742000000 } from './0042-tariff-sources.js';
import { Transparency1796743000000 } from './0043-transparency.js';
import { CardPayments1796745000000 } from './0020-card-payments.js';
import { Dunning1796746000000 } from './0044-dunning.js';
import { OverdueInvoices1796747000000 } from './0045-overdue-invoices.js';
import { Revenue1796750000000 } from './0046-revenue.js';
import { ProviderPayouts1796751000000 } from './0047-provider-payouts.js';
import { Payees1796752000000 } from './0048-payees.js';
import { Reservations1796760000000 } from './0050-reservations.js';
import { Chargebacks1796770000000 } from './0053-chargebacks.js';
import { MoreReservations1796771000000 } from './0054-more-reservations.js';
import { PaymentsOfMonths1796772000000 } from './0055-payments-of-months.js';
import { PlaceNames1796780000000 } from './0058-place-names.js';
import { OlderReservations1796781000000 } from './0056-older-reservations.js';
import { GroupChanges1796790000000 } from './0059-group-changes.js';

export const migrations = [
  Billing1763700000000,
  CostDisplay1764400000100,
  VatChecks1764950000000,
  TariffAssignments1796650000000,
  BillDecisions1796660000000,
  Corrections1796661000000,
  CorrectionKeys1796662000000,
  Disputes1796663000000,
  PaymentTerms1796700000000,
  SessionFunds1796701000000,
  CollectiveInvoices1796730000000,
  InvoicedCdrs1796731000000,
  Invoicing1796732000000,
  DueDates1796733000000,
  PlannedTariffs1796740000000,
  PriceFeeds1796741000000,
  TariffSources1796742000000,
  Transparency1796743000000,
  CardPayments1796745000000,
  Dunning1796746000000,
  OverdueInvoices1796747000000,
  Revenue1796750000000,
  ProviderPayouts1796751000000,
  Payees1796752000000,
  Reservations1796760000000,
  Chargebacks1796770000000,
  MoreReservations1796771000000,
  PaymentsOfMonths1796772000000,
  PlaceNames1796780000000,
  OlderReservations1796781000000,
  GroupChanges1796790000000,
];

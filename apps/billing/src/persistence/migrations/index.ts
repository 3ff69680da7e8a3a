import { Billing1763700000000 } from './0001-billing.js';
import { CostDisplay1764400000100 } from './0002-cost-display.js';
import { VatChecks1764950000000 } from './0003-vat-checks.js';
import { TariffAssignments1796650000000 } from './0010-tariff-assignments.js';

export const migrations = [
  Billing1763700000000,
  CostDisplay1764400000100,
  VatChecks1764950000000,
  TariffAssignments1796650000000,
];

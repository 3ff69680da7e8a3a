import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';
import { COST_COMPONENT, COST_VARIABLES, costAbilityOf } from '../domain/cost-display.js';
import { StationOptionsRepository } from '../persistence/station-options.repository.js';
import { StationVariableRepository } from '../persistence/station-variable.repository.js';

/** After variables of a station were stored: whether it shows costs, when they were about that. */
@Injectable()
export class NoteCostAbility {
  constructor(
    private readonly variables: StationVariableRepository,
    private readonly options: StationOptionsRepository,
  ) {}

  /** @param components of the variables that were stored */
  async run(tx: Tx, tenant: string, stationId: string, components: readonly string[]): Promise<void> {
    const ofCosts = components.some((name) => name.toLowerCase() === COST_COMPONENT.toLowerCase());
    if (!ofCosts) return;
    const values = await this.variables.values(tx, tenant, stationId, COST_VARIABLES);
    await this.options.saveCostAbility(tx, tenant, stationId, costAbilityOf(values));
  }
}

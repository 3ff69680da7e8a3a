import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TRACE_SLOTS } from '../../domain/trace-slot.js';

/**
 * Frames are only added, and an hour of them is emptied as a whole before two days are over: there is never a dead row to vacuum, and one
 * index leaves a planner no choice to make with statistics.
 */
export class TraceWithoutVacuum1764900000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await eachPartition((partition) =>
      queryRunner.query(`ALTER TABLE ${partition} SET (autovacuum_enabled = false)`),
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await eachPartition((partition) =>
      queryRunner.query(`ALTER TABLE ${partition} RESET (autovacuum_enabled)`),
    );
  }
}

async function eachPartition(change: (partition: string) => Promise<unknown>): Promise<void> {
  for (let slot = 0; slot < TRACE_SLOTS; slot++) await change(`wire_frame_${slot}`);
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reservations of before are looked at when they have run out: they are looked at now, and told when they are to be renewed. */
export class OlderReservations1796781000000 implements MigrationInterface {
  readonly name = 'OlderReservations1796781000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      "update payment set due_at = now() where purpose = 'SESSION' and state = 'AUTHORISED' and goal is null",
    );
  }

  async down(): Promise<void> {
    // A look too many changes nothing.
  }
}

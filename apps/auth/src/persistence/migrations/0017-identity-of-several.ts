import type { MigrationInterface, QueryRunner } from 'typeorm';

/** To see whether stations of several companies go by one name. */
export class IdentityOfSeveral1765100017000 implements MigrationInterface {
  readonly name = 'IdentityOfSeveral1765100017000';
  /** The index is made beside the traffic. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently if exists station_credential_name');
    await queryRunner.query(
      'create index concurrently station_credential_name on station_credential (identity_key, tenant)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index station_credential_name');
  }
}

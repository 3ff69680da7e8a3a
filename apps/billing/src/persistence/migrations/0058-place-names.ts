import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What bills of reservations that no session used are for: empty until the place is told of again. */
export class PlaceNames1796780000000 implements MigrationInterface {
  readonly name = 'PlaceNames1796780000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table location_zone add column name text not null default ''`);
    await queryRunner.query(
      `alter table connector_place add column station_identity text not null default ''`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table connector_place drop column station_identity');
    await queryRunner.query('alter table location_zone drop column name');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Best first, comma between them; empty: as for every station. */
export class StationSubprotocols1765000000010 implements MigrationInterface {
  readonly name = 'StationSubprotocols1765000000010';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `alter table station_credential add column subprotocols text not null default ''`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table station_credential drop column subprotocols');
  }
}

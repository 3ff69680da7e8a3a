import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A delivery is of an alert, or a mail about the account that no alert is behind. */
export class AccountMails1765100005000 implements MigrationInterface {
  readonly name = 'AccountMails1765100005000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table delivery
        alter column alert_id drop not null,
        add column account_mail jsonb,
        add constraint delivery_cause check ((alert_id is null) <> (account_mail is null)) not valid`);
    await queryRunner.query('alter table delivery validate constraint delivery_cause');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('delete from delivery where alert_id is null');
    await queryRunner.query(`
      alter table delivery
        drop constraint delivery_cause,
        drop column account_mail,
        alter column alert_id set not null`);
  }
}

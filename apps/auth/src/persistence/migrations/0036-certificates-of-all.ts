import type { MigrationInterface, QueryRunner } from 'typeorm';

/** To see whose a certificate is that the authority of all companies signed. */
export class CertificatesOfAll1796720036000 implements MigrationInterface {
  readonly name = 'CertificatesOfAll1796720036000';
  /** The index is made beside the traffic. */
  readonly transaction = false;

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index concurrently if exists station_certificate_signed');
    await queryRunner.query(
      'create index concurrently station_certificate_signed on station_certificate (fingerprint, tenant)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop index station_certificate_signed');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';
import { MAKE_READING_PARTITION } from './0012-reading-partitions.js';

/**
 * Samples whose kinds are words of the specifications are kept as a short text (src/domain/sample-text.ts), others as JSON as before;
 * `raw_samples(reading)` is what the station said of either, in the JSON of before. Places in the lists are what the rows hold.
 */
export class ShortSamples1796460000000 implements MigrationInterface {
  readonly name = 'ShortSamples1796460000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'alter table reading alter column samples drop not null, add column sampled text',
    );
    // Nothing ever compares them, like the documents they stand for: ANALYZE would sort up to 30,000 of them again and again.
    await queryRunner.query('alter table reading alter column sampled set statistics 0');
    await queryRunner.query(
      MAKE.replace(SAMPLES_LEFT_OUT, `${SAMPLES_LEFT_OUT}, alter column sampled set statistics 0`),
    );
    await queryRunner.query(RAW_SAMPLES);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('update reading set samples = raw_samples(reading) where samples is null');
    await queryRunner.query('drop function raw_samples(reading)');
    await queryRunner.query(MAKE);
    await queryRunner.query('alter table reading alter column samples set not null, drop column sampled');
  }
}

/** The function that makes months, in the place of the one that is there. */
const MAKE = MAKE_READING_PARTITION.replace('create function', 'create or replace function');
const SAMPLES_LEFT_OUT = 'alter column samples set statistics 0';

const RAW_SAMPLES = `create function raw_samples(reading) returns json
  language sql immutable set search_path from current as $$
  select coalesce($1.samples, json_agg(json_strip_nulls(json_build_object(
      'value', substr(said, strpos(said, ':') + 1),
      'context', nullif((array[
      '', 'Sample.Periodic', 'Sample.Clock', 'Transaction.Begin', 'Transaction.End', 'Trigger', 'Interruption.Begin',
      'Interruption.End', 'Other'])[place[1]], ''),
      'measurand', nullif((array[
      '', 'Energy.Active.Import.Register', 'Power.Active.Import', 'SoC', 'Current.Import', 'Voltage',
      'Current.Offered', 'Power.Offered', 'Energy.Active.Import.Interval', 'Energy.Active.Export.Register',
      'Energy.Active.Export.Interval', 'Power.Active.Export', 'Current.Export', 'Temperature', 'Frequency',
      'Power.Factor', 'RPM', 'Power.Reactive.Import', 'Power.Reactive.Export', 'Energy.Reactive.Import.Register',
      'Energy.Reactive.Export.Register', 'Energy.Reactive.Import.Interval', 'Energy.Reactive.Export.Interval',
      'Energy.Active.Net', 'Energy.Reactive.Net', 'Energy.Apparent.Net', 'Energy.Apparent.Import',
      'Energy.Apparent.Export'])[place[2]], ''),
      'phase', nullif((array[
      '', 'L1', 'L2', 'L3', 'N', 'L1-N', 'L2-N', 'L3-N', 'L1-L2', 'L2-L3', 'L3-L1'])[place[3]], ''),
      'location', nullif((array[
      '', 'Outlet', 'Inlet', 'Cable', 'Body', 'EV', 'Upstream'])[place[4]], ''),
      'unit', nullif((array[
      '', 'Wh', 'kWh', 'W', 'kW', 'A', 'V', 'Percent', 'Celsius', 'Celcius', 'Fahrenheit', 'K', 'varh', 'kvarh',
      'var', 'kvar', 'VA', 'kVA', 'VAh', 'kVAh', 'Hz', '%'])[place[5]], ''),
      'multiplier', nullif(substr(said, 6, strpos(said, ':') - 6), '')::int)) order by n))
  from unnest(string_to_array($1.sampled, ';')) with ordinality samples (said, n)
  cross join lateral (select array(
    select strpos('0123456789abcdefghijklmnopqrstuvwxyz', substr(said, i, 1)) from generate_series(1, 5) i)) places (place)
  $$`;

import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** Who sent what to which station, and what came of it. */
@Entity({ name: 'command_audit' })
@Unique('command_audit_key', ['tenant', 'requestedBy', 'action', 'idempotencyKey'])
export class CommandAuditEntity {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'command_audit_pk' })
  tenant!: string;

  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'command_audit_pk' })
  id!: string;

  @Column({ type: 'uuid', name: 'station_id' })
  stationId!: string;

  @Column({ type: 'text' })
  action!: string;

  @Column({ type: 'jsonb' })
  arguments!: object;

  /** Account that asked. */
  @Column({ type: 'text', name: 'requested_by' })
  requestedBy!: string;

  @Column({ type: 'text' })
  role!: string;

  /** The client's key, or the id of the row when it gave none. */
  @Column({ type: 'text', name: 'idempotency_key' })
  idempotencyKey!: string;

  @Column({ type: 'text', name: 'args_hash' })
  argsHash!: string;

  @Column({ type: 'timestamptz', name: 'requested_at' })
  requestedAt!: Date;

  @Column({ type: 'timestamptz', name: 'finished_at', nullable: true })
  finishedAt!: Date | null;

  /** Name of the outcome; null while nobody knows (a crash in between leaves it so). */
  @Column({ type: 'text', nullable: true })
  outcome!: string | null;

  /** The stored answer, for a repetition with the same key. */
  @Column({ type: 'jsonb', nullable: true })
  answer!: object | null;
}

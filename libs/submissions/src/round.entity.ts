import type { Edition } from '@hub/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A round: one dataset and one period in one region. Its row holds no figures. */
@Entity({ schema: 'rounds', name: 'round' })
export class RoundEntity {
  @PrimaryColumn('uuid') id: string;
  @Column('int', { name: 'region_id' }) regionId: number;
  @Column('text') dataset: string;
  @Column('text', { name: 'dataset_version' }) datasetVersion: string;
  @Column('text') period: string;
  @Column('text', { name: 'period_kind' }) periodKind: string;
  @Column('date', { name: 'period_from' }) periodFrom: string;
  @Column('date', { name: 'period_until' }) periodUntil: string;
  @Column('date') opens: string;
  @Column('date') due: string;
  @Column('date') closes: string;
  /** For which it collects, or which was the last. */
  @Column('text') edition: Edition;
  @Column('timestamptz', { name: 'closed_early_at', nullable: true }) closedEarlyAt: Date | null;
  /** The last day of the check window; null: there is none. */
  @Column('date', { name: 'check_until', nullable: true }) checkUntil: string | null;
  /** When the hub itself asks for publication; null: when a lead does. */
  @Column('timestamptz', { name: 'publishes_at', nullable: true }) publishesAt: Date | null;
  /** null: scheduled, open or closed by its dates and the clock. */
  @Column('text', { nullable: true }) state: 'checked' | 'compiling' | 'held' | 'published' | null;
  @Column('text', { name: 'held_because', nullable: true }) heldBecause: string | null;
}

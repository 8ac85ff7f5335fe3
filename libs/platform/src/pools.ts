import type { OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';

/** Closes the pools that modules opened, after everything else has stopped. */
export class Pools implements OnApplicationShutdown {
  private readonly open: DataSource[] = [];

  add(dataSource: DataSource): DataSource {
    this.open.push(dataSource);
    return dataSource;
  }

  get all(): readonly DataSource[] {
    return this.open;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.open.map((dataSource) => dataSource.isInitialized && dataSource.destroy()));
  }
}

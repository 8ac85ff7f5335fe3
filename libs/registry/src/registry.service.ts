import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Refusal } from '@hub/kernel';
import { ReaderStore } from '@hub/platform';
import type { AuthorityView } from './registry.view';

/** Codes outside, whole-number keys inside: the dictionaries, read once at start. */
@Injectable()
export class RegistryKeys implements OnModuleInit {
  private regions = new Map<string, { id: number; name: string }>();
  private authorities = new Map<string, { id: number; name: string }>();
  private series = new Map<string, number>();

  constructor(private readonly store: ReaderStore) {}

  async onModuleInit(): Promise<void> {
    await this.store.as(null, async (tx) => {
      const read = async <T>(sql: string) => (await tx.query(sql)) as T[];
      type Named = { id: number; code: string; name: string };
      for (const { id, code, name } of await read<Named>('select id, code, name from registry.region')) {
        this.regions.set(code, { id, name });
      }
      for (const { id, code, name } of await read<Named>('select id, code, name from registry.authority')) {
        this.authorities.set(code, { id, name });
      }
      for (const { id, key } of await read<{ id: number; key: string }>('select id, key from registry.series')) {
        this.series.set(key, id);
      }
    });
  }

  regionId(code: string): number {
    return this.regions.get(code)?.id ?? absent('REGION_ABSENT');
  }
  isRegion(code: string): boolean {
    return this.regions.has(code);
  }
  regionName(code: string): string {
    return this.regions.get(code)?.name ?? absent('REGION_ABSENT');
  }
  authorityId(code: string): number {
    return this.authorities.get(code)?.id ?? absent('CODE_MALFORMED');
  }
  authorityName(code: string): string {
    return this.authorities.get(code)?.name ?? absent('CODE_MALFORMED');
  }
  /** As the graph shows it; null, which is the region, stays null. */
  authority(code: string): AuthorityView;
  authority(code: string | null): AuthorityView | null;
  authority(code: string | null): AuthorityView | null {
    return code === null ? null : { code, name: this.authorityName(code) };
  }
  seriesId(key: string): number {
    return this.series.get(key) ?? absent('INDICATOR_ABSENT');
  }
  isAuthority(code: string): boolean {
    return this.authorities.has(code);
  }
}

function absent(code: 'REGION_ABSENT' | 'CODE_MALFORMED' | 'INDICATOR_ABSENT'): never {
  throw new Refusal(code);
}

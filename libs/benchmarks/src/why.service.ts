import { Inject, Injectable } from '@nestjs/common';
import type { Purpose } from '@hub/agreements';
import type { Member } from '@hub/identity';
import { parsePeriod } from '@hub/kernel';
import { partOf, PublicationsReader } from '@hub/publications';
import { CATALOGUE, datasetOf, populationOf, REGISTRY, type Catalogue, type Registry } from '@hub/registry';
import { whyOf, type Why } from './domain';

/** Why a figure is what it is, and on which clause of which agreement the reader is shown it. */
export interface WhyAnswer extends Why {
  readonly agreement: { readonly id: string; readonly version: number };
  /** A JSON pointer into the agreement. */
  readonly clause: string;
}

@Injectable()
export class WhyService {
  constructor(
    private readonly publications: PublicationsReader,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(REGISTRY) private readonly registry: Registry,
  ) {}

  /**
   * Answers "why this number" of a publication, a superseded one too, as far as the reader may see it.
   * @param authority  null: the region
   * @returns null where there is no such figure, or it is not shown to the reader by name
   * @throws Refusal PUBLICATION_ABSENT | PUBLICATION_WITHDRAWN | REGION_ABSENT | INDICATOR_ABSENT | AGREEMENT_NOT_COVERED |
   *   AGREEMENT_NOT_IN_FORCE
   */
  async why(
    member: Member | null,
    place: { readonly region: string; readonly purpose: Purpose | null },
    publication: string,
    series: string,
    authority: string | null,
  ): Promise<WhyAnswer | null> {
    const visit = this.publications.visit(member, place.region, place.purpose);
    return this.publications.as(visit, 'read.publication', async (tx, asking) => {
      const { head, share } = await this.publications.look(tx, visit, asking, publication, series);
      const { document } = await this.publications.open(tx, visit, head, share);
      // Who is shown others without names is told of the own ones alone, and of no sum that holds the others.
      const shown = share.presentation === 'named' ? document : partOf(document, visit.own);
      const dataset = datasetOf(this.catalogue, head.dataset, head.datasetVersion);
      const period = parsePeriod(head.period);
      const why = whyOf(shown, dataset, series, authority, (code) => populationOf(this.registry, code, period));
      return why && { ...why, agreement: share.permit.agreement, clause: share.permit.clause };
    });
  }
}

import { Inject } from '@nestjs/common';
import { Args, ResolveField, Resolver } from '@nestjs/graphql';
import { Refusal } from '@hub/kernel';
import {
  CATALOGUE,
  isAggregated,
  newestDataset,
  RegionView,
  themeOf,
  themes,
  unitWords,
  type Catalogue,
} from '@hub/registry';
import { ThemeView, type IndicatorCardView } from './catalogue.view';

/** What can be asked for: the newest specifications, and so nothing of anybody. */
@Resolver(() => RegionView)
export class CatalogueResolver {
  private readonly all: readonly ThemeView[];

  constructor(@Inject(CATALOGUE) catalogue: Catalogue) {
    const cards = new Map<string, IndicatorCardView>();
    for (const code of new Set(catalogue.datasets.map((one) => one.code))) {
      const dataset = newestDataset(catalogue, code);
      if (!isAggregated(dataset)) continue;
      for (const { unit, breakdowns, challenge, ...one } of dataset.indicators) {
        const known = cards.get(one.code);
        cards.set(one.code, {
          ...one,
          unit: unitWords[unit],
          datasets: [...(known?.datasets ?? []), code],
          breakdowns: [...new Set([...(known?.breakdowns ?? []), ...breakdowns.map(({ dimension }) => dimension)])],
          questions: challenge ?? known?.questions ?? [],
        });
      }
    }
    this.all = themes
      .map((name) => ({ name, indicators: [...cards.values()].filter(({ code }) => themeOf(code) === name) }))
      .filter(({ indicators }) => indicators.length > 0);
  }

  @ResolveField(() => [ThemeView], {
    nullable: true,
    description:
      'The indicators of the newest version of every dataset that regions collect, by theme: the same for every region, whatever it has published.',
  })
  catalogue(
    @Args('theme', {
      type: () => String,
      nullable: true,
      description: 'A theme by its name; all when absent. REQUEST_MALFORMED names them.',
    })
    theme: string | null,
  ): readonly ThemeView[] {
    const found = this.all.filter(({ name }) => (theme ?? name) === name);
    if (!found.length)
      throw new Refusal('REQUEST_MALFORMED', { expected: `a theme: ${this.all.map(({ name }) => name).join(', ')}` });
    return found;
  }
}

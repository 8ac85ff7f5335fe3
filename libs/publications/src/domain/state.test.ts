import { publicationStates, takePublicationStep, type PublicationStep } from './state';

test('a publication takes these steps and no others: nothing leads back from a withdrawal, nor from what was superseded', () => {
  const steps: PublicationStep[] = ['supersede', 'withdraw'];
  const table = publicationStates.flatMap((from) =>
    steps.map((step) => `${from} ${step} ${takePublicationStep(from, step)}`),
  );
  expect(table).toEqual([
    'current supersede superseded',
    'current withdraw withdrawn',
    'superseded supersede null',
    'superseded withdraw withdrawn',
    'withdrawn supersede null',
    'withdrawn withdraw null',
  ]);
});

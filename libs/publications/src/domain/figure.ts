/**
 * One protected value. A hidden figure carries no number, so no page, log or cache can leak one; and one marker hides
 * every figure alike, for the reason would itself be a clue.
 */
export type Figure =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'hidden' }
  | { readonly kind: 'notCollected' }
  | { readonly kind: 'notApplicable' }
  | { readonly kind: 'notAvailable' }
  | { readonly kind: 'notSubmitted' };

export type FigureKind = Figure['kind'];

/** The numbers that stand for the kinds in the store; 0 alone carries a value. */
export const kindNumbers: Readonly<Record<FigureKind, number>> = {
  value: 0,
  hidden: 1,
  notCollected: 2,
  notApplicable: 3,
  notAvailable: 4,
  notSubmitted: 5,
};

/** The kind that a stored number stands for. */
export const kindOf = (number: number): FigureKind =>
  (Object.keys(kindNumbers) as FigureKind[]).find((kind) => kindNumbers[kind] === number)!;

/** In a document a printed figure is its number and any other its kind. */
export type Printed = number | Exclude<FigureKind, 'value'>;
export const toPrinted = (figure: Figure): Printed => (figure.kind === 'value' ? figure.value : figure.kind);
export const fromPrinted = (printed: Printed): Figure =>
  typeof printed === 'number' ? { kind: 'value', value: printed } : { kind: printed };

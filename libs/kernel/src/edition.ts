/** How far the figures of a period are settled, in the order in which they are published. */
export const editions = ['provisional', 'revised', 'final'] as const;
export type Edition = (typeof editions)[number];

const fixed = (digits: 0 | 1) =>
  new Intl.NumberFormat('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });

// Kept: to make a formatter costs forty times what it writes.
/** A number as people read it, with separators of thousands: whole. */
export const { format: inWholes } = fixed(0);
/** The same with one decimal, a half up: 12.35 is 12.4, where `toFixed` has 12.3. */
export const { format: inTenths } = fixed(1);

export * from './domain/order';
export * from './domain/rate';

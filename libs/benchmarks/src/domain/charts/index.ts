export { barChart, type BarRow } from './bar';
export { funnelChart, type FunnelDot } from './funnel-chart';
export { heat, heatChart, HEAT_KEY, type HeatCell, type HeatRow } from './heat';
export * from './of-answers';
export { spineChart, type SpineRow } from './spine';
export { escaped, type Frame } from './svg';
export { isDrawn, type Chart, type Told } from './told';
export { timeChart, type ChartPoint } from './time';

import { startRegions, stopRegions } from './regional-views/regions';

/** What a regional lead asks each quarter, of a published quarter and thirteen before it, one of them missing; in the order in which it changes. */
beforeAll(startRegions, 240_000);
afterAll(stopRegions);

import './regional-views/comparisons';
import './regional-views/over-time';
import './regional-views/charts-and-exports';
import './regional-views/at-the-command-line';
import './regional-views/remarks';
import './regional-views/statements';
import './regional-views/what-is-not-there';
import './regional-views/england';
import './regional-views/monthly-clinic';

import { startRegions, stopRegions } from './rounds/regions';

/** The life of a round, as an authority and as its lead see it. */
beforeAll(startRegions, 240_000);
afterAll(stopRegions);

import './rounds/returns';
import './rounds/check-window';
import './rounds/by-itself';
import './rounds/national-release';
import './rounds/moment-of-publication';
import './rounds/dates-and-states';

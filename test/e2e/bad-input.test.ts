import { startHub, stopHub } from './bad-input/hub';

/** What a hub refuses, at each of its doors: with a code, without storing or repeating anything. The last part starts it again. */
beforeAll(startHub);
afterAll(stopHub);

import './bad-input/submission-door';
import './bad-input/graphql-door';
import './bad-input/bodies';
import './bad-input/metrics';
import './bad-input/start';
import './bad-input/low-limits';

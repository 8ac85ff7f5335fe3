import { startHub, stopHub } from './publication/hub';

/** From returns to what is published, held, revised and withdrawn, of one hub with several regions. */
beforeAll(startHub);
afterAll(stopHub);

import './publication/a-published-round';
import './publication/at-the-command-line';
import './publication/opened-again';
import './publication/what-leaves';
import './publication/every-collection';

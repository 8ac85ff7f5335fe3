import { createRequire } from 'node:module';

/**
 * graphql-js looks at NODE_ENV once, when it is loaded. Unless it says production, each comparison of types also looks for a
 * second copy of the library, which takes an eighth of a long answer's time. There is one copy, and what NODE_ENV says of the
 * hub is read elsewhere.
 */
const said = process.env.NODE_ENV;
process.env.NODE_ENV = 'production';
createRequire(__filename)('graphql');
if (said === undefined) delete process.env.NODE_ENV;
else process.env.NODE_ENV = said;

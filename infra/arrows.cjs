/**
 * For dependency-cruiser alone: where `@hub/LIBRARY/domain` lies. The resolver it uses understands no tsconfig path with
 * something behind its star (tsconfig-paths 4.2), and a path it cannot follow would be judged by no rule.
 */
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const libs = join(__dirname, '..', 'libs');
module.exports = {
  resolve: {
    alias: Object.fromEntries(
      readdirSync(libs).map((library) => [`@hub/${library}/domain$`, join(libs, library, 'src', 'domain', 'index.ts')]),
    ),
  },
};

/**
 * For dependency-cruiser alone: where `@hub/LIBRARY/domain` and `@hub/LIBRARY/checker` lie. The resolver it uses understands no tsconfig path with
 * something behind its star (tsconfig-paths 4.2), and a path it cannot follow would be judged by no rule.
 */
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const libs = join(__dirname, '..', 'libs');
module.exports = {
  resolve: {
    alias: Object.fromEntries(
      readdirSync(libs).flatMap((library) =>
        ['domain', 'checker'].map((door) => [`@hub/${library}/${door}$`, join(libs, library, 'src', door, 'index.ts')]),
      ),
    ),
  },
};

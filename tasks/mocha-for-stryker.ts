/**
 * Lets the mocha runner of Stryker 10.0.0 find files of mocha 12, which have other endings than those of mocha 11:
 * https://github.com/stryker-mutator/stryker-js/pull/6205
 */

import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) =>
    next(/\/mocha\/lib\/cli\/[a-z-]+$/.test(specifier) ? `${specifier}.cjs` : specifier, context),
});

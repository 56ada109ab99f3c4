/** husky with a package.json, as its own set-up leaves it. */

import { matrix } from './matrix.ts';

matrix('husky');

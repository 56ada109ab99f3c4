/** simple-git-hooks in package.json. */

import { matrix } from './matrix.ts';

matrix('simple-git-hooks');

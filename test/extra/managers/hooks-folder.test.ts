/** Scripts of the person in the hooks folder of the git dir. */

import { matrix } from './matrix.ts';

matrix('scripts in the git dir');

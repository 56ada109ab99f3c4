/** A repository without any hook. */

import { matrix } from './matrix.ts';

matrix('nothing at all');

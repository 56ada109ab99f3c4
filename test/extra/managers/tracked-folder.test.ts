/** Tracked scripts in a folder that core.hooksPath names. */

import { matrix } from './matrix.ts';

matrix('core.hooksPath with tracked scripts');

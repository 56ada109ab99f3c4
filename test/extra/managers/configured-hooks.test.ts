/** Hooks of git's own configuration, which git runs from 2.54 on. */

import { matrix } from './matrix.ts';

matrix("git's own configuration");

/** pre-commit with local hooks of every stage. */

import { matrix } from './matrix.ts';

matrix('pre-commit');

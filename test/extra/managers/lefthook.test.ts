/** lefthook, with commands in one hook and jobs in the next. */

import { matrix } from './matrix.ts';

matrix('lefthook');

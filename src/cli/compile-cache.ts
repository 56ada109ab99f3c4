/** Node's own compile cache where it exists (22.1 and later); kept in the system's temporary folder, never in HOME. */

import * as module from 'node:module';

export function enableCompileCache(): void {
  (module as { enableCompileCache?: () => void }).enableCompileCache?.();
}

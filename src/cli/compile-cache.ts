/** Node's own compile cache where it exists (22.1 and later); kept in the system's temporary folder, never in HOME. */

export function enableCompileCache(): void {
  // Older versions would load the module for nothing.
  if (Number.parseInt(process.versions.node, 10) < 22) return;
  const module: object = process.getBuiltinModule('node:module');
  (module as { enableCompileCache?: () => void }).enableCompileCache?.();
}

/** Whether git runs a file as a hook. */

/** By its executable bit; Windows has none, and git for Windows runs every hook that is there. */
export function canRun({ mode }: { mode: number }, platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'win32' || (mode & 0o111) !== 0;
}

/** Which paths git puts into an index, everywhere: its own rules for every system together, so that what is committed here can be checked out there. */

/** HFS+ leaves these out of names. */
export const INVISIBLE = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** A backslash parts names on Windows; dots, spaces and a stream's name at the end count for nothing there. */
const TAIL = '[ .]*(?::[^]*)?$';
const GIT_FOLDER = new RegExp(`^(?:\\.git|git~1)${TAIL}`, 'i');
/** `.gitmodules`, and the short names that NTFS gives to it. */
const MODULES = new RegExp(
  `^(?:\\.gitmodules|gitmod~[1-4]|gi7eba~[1-9]|gi7eb~[1-9]\\d|gi7e~[1-9]\\d{2}|gi7~[1-9]\\d{3}|gi~[1-9]\\d{4}|g~[1-9]\\d{5}|~[1-9]\\d{6})${TAIL}`,
  'i',
);

/**
 * True for a path that a tree can hold: relative, without empty, `.` or `..` segments, and none that a file system takes for git's own
 * folder. `mode`: of the file; a symbolic link may not be called `.gitmodules` either, since git would read what it points to.
 */
export function isTreePath(path: string, mode?: string): boolean {
  if (path === '' || path.includes('\0') || path.split('/').some((part) => part === '' || part === '.' || part === '..')) return false;
  return !isInGitFolder(path) && (mode !== '120000' || !names(path).some((name) => MODULES.test(name)));
}

/** True where a segment of the path is `.git`, or what some file system takes for it. */
export function isInGitFolder(path: string): boolean {
  // Nearly no path holds these letters in a row, and the tests behind this cost a hook more than all of its reading.
  return /g[^a-z]*i[^a-z]*t/i.test(path) && names(path).some((name) => GIT_FOLDER.test(name));
}

const names = (path: string) => path.replace(INVISIBLE, '').split(/[/\\]/);

/** Files as a tree with counts, flattened to the lines that are open. Pure. */

export interface FileEntry {
  /** Path in the tree of the repository. */
  path: string;
  /** Where it hangs in the drawn tree. */
  shown: string;
  status: 'added' | 'modified' | 'deleted';
  lines: { added: number; removed: number } | null;
  /** One line about it, or who made it. */
  note: string | null;
}

interface Folder {
  path: string;
  folders: Map<string, Folder>;
  files: FileEntry[];
}

export type TreeLine =
  | { kind: 'folder'; path: string; name: string; depth: number; open: boolean; files: number; added: number; removed: number }
  | { kind: 'file'; name: string; depth: number; file: FileEntry };

/** Folders before files, both by name; a folder that holds nothing but one folder is drawn with it. `folded`: paths of closed folders. */
export function treeLines(files: readonly FileEntry[], folded: (path: string) => boolean): TreeLine[] {
  const root: Folder = { path: '', folders: new Map(), files: [] };
  for (const file of files) {
    const parts = file.shown.split('/');
    let at = root;
    for (const part of parts.slice(0, -1)) {
      const path = at.path === '' ? part : `${at.path}/${part}`;
      const next = at.folders.get(part) ?? { path, folders: new Map(), files: [] };
      at.folders.set(part, next);
      at = next;
    }
    at.files.push(file);
  }
  return inside(root, 0, folded);
}

function inside(folder: Folder, depth: number, folded: (path: string) => boolean): TreeLine[] {
  const folders = [...folder.folders].sort(([a], [b]) => compare(a, b));
  const files = folder.files.map((file) => ({ file, name: file.shown.slice(file.shown.lastIndexOf('/') + 1) }));
  return [
    ...folders.flatMap(([name, child]) => folderLines(child, name, depth, folded)),
    ...files.sort((a, b) => compare(a.name, b.name)).map(({ file, name }): TreeLine => ({ kind: 'file', name, depth, file })),
  ];
}

function folderLines(folder: Folder, name: string, depth: number, folded: (path: string) => boolean): TreeLine[] {
  const [only] = folder.folders;
  if (only && folder.folders.size === 1 && folder.files.length === 0) return folderLines(only[1], `${name}/${only[0]}`, depth, folded);
  const open = !folded(folder.path);
  const { files, added, removed } = sums(folder);
  const line: TreeLine = { kind: 'folder', path: folder.path, name, depth, open, files, added, removed };
  return open ? [line, ...inside(folder, depth + 1, folded)] : [line];
}

function sums(folder: Folder): { files: number; added: number; removed: number } {
  const total = { files: folder.files.length, added: 0, removed: 0 };
  for (const { lines } of folder.files) {
    total.added += lines?.added ?? 0;
    total.removed += lines?.removed ?? 0;
  }
  for (const child of folder.folders.values()) {
    const below = sums(child);
    total.files += below.files;
    total.added += below.added;
    total.removed += below.removed;
  }
  return total;
}

/** Numbers in names by their value: f120 before f1000. */
const { compare } = new Intl.Collator('en', { numeric: true });

/** Paths as a tree of lists, as people know it from file managers. Pure. */

import { type Html, html } from './html.ts';

export interface Leaf {
  /** Path below the tree's top. */
  path: string;
  /** What stands behind the name. */
  after: Html;
}

interface Folder {
  folders: Map<string, Folder>;
  files: { name: string; after: Html }[];
}

/** Nested lists, folders first; a folder that holds one folder alone is told with it. */
export function tree(leaves: readonly Leaf[]): Html {
  const top: Folder = { folders: new Map(), files: [] };
  for (const { path, after } of leaves) {
    const steps = path.split('/');
    let at = top;
    for (const step of steps.slice(0, -1)) {
      const next = at.folders.get(step) ?? { folders: new Map(), files: [] };
      at.folders.set(step, next);
      at = next;
    }
    at.files.push({ name: steps.at(-1) ?? '', after });
  }
  return list(top);
}

function list({ folders, files }: Folder): Html {
  return html`<ul class="tree">${[...folders].map(([name, folder]) => branch(name, folder))}${files.map(({ name, after }) => html`<li class="row"><span class="file">${name}</span>${after}</li>`)}</ul>`;
}

function branch(name: string, folder: Folder): Html {
  const [only] = folder.folders;
  if (folder.files.length === 0 && folder.folders.size === 1 && only) return branch(`${name}/${only[0]}`, only[1]);
  return html`<li><span class="folder">${name}/</span>${list(folder)}</li>`;
}

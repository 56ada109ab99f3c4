/** Path globs as policy writes them. Pure; hot path. */

/**
 * One predicate for several globs over whole paths with `/` between segments. `*` and `?` stay within a segment and match a
 * leading dot too; `**` crosses segments; `{a,b}` and `[a-z]`, `[!a]` as in a shell; a backslash takes the next character as it
 * is; a pattern that ends with `/` means everything below. A leading `./` or `/` is ignored. No pattern matches nothing.
 */
export function globMatcher(patterns: readonly string[]): (path: string) => boolean {
  let tests: RegExp[] | null = null;
  return (path) => {
    tests ??= patterns.map(globRegExp);
    return tests.some((test) => test.test(path));
  };
}

/** The anchored regular expression of one glob. What cannot be read as a class or a brace list is taken literally. */
function globRegExp(pattern: string): RegExp {
  const trimmed = pattern.replace(/^\.?\/+/, '');
  return new RegExp(`^${translate(trimmed.endsWith('/') ? `${trimmed}**` : trimmed)}$`, 's');
}

function translate(glob: string): string {
  let out = '';
  for (let i = 0; i < glob.length; i++) {
    const char = glob[i] ?? '';
    if (char === '*') {
      let end = i;
      while (glob[end + 1] === '*') end++;
      const alone = end > i && (i === 0 || glob[i - 1] === '/');
      if (alone && glob[end + 1] === '/') {
        out += '(?:[^/]+/)*';
        end++;
      } else out += alone && end + 1 === glob.length ? '.*' : '[^/]*';
      i = end;
    } else if (char === '?') out += '[^/]';
    else if (char === '[') {
      const close = classEnd(glob, i);
      if (close < 0) out += '\\[';
      else {
        out += `(?!/)${classOf(glob.slice(i + 1, close))}`;
        i = close;
      }
    } else if (char === '{') {
      const parts = braceParts(glob, i);
      if (parts) {
        out += `(?:${parts.list.map(translate).join('|')})`;
        i = parts.end;
      } else out += '\\{';
    } else if (char === '\\' && i + 1 < glob.length) out += literal(glob[++i] ?? '');
    else out += literal(char);
  }
  return out;
}

const literal = (char: string) => (/[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char);

/** Index of the `]` that ends the class opened at `from`, or -1. */
function classEnd(glob: string, from: number): number {
  const first = glob[from + 1] === '!' || glob[from + 1] === '^' ? from + 2 : from + 1;
  return glob.indexOf(']', first + 1);
}

function classOf(body: string): string {
  const negated = body[0] === '!' || body[0] === '^';
  const set = (negated ? body.slice(1) : body).replace(/[\\[\]^]/g, '\\$&');
  try {
    new RegExp(`[${set}]`);
  } catch {
    // A range that runs backwards names no character.
    return negated ? '[^/]' : '(?!)';
  }
  return `[${negated ? '^' : ''}${set}]`;
}

/** The alternatives of the brace list opened at `from`, nested ones kept whole; null where it has no comma or does not close. */
function braceParts(glob: string, from: number): { list: string[]; end: number } | null {
  const list: string[] = [];
  let depth = 0;
  let start = from + 1;
  for (let i = from; i < glob.length; i++) {
    const char = glob[i];
    if (char === '\\') i++;
    else if (char === '{') depth++;
    else if (char === ',' && depth === 1) {
      list.push(glob.slice(start, i));
      start = i + 1;
    } else if (char === '}' && --depth === 0) {
      list.push(glob.slice(start, i));
      return list.length > 1 ? { list, end: i } : null;
    }
  }
  return null;
}

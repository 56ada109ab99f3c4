/** Puts the pieces of a client into files, brings them up to date, and takes them out again. Pure. */

import { parseJson } from '../../core/text/json.ts';
import { setInJson } from '../../core/text/json-edit.ts';
import { addToList, dropFromJson, dropFromList } from '../../core/text/json-list.ts';
import { MARKDOWN, withBlock } from '../../core/text/text-block.ts';
import type { Piece } from './pieces.ts';

/** The file with the piece in it; null where the file is not what the piece belongs into. The same again where it is there already. */
export function putPiece(before: string | null, piece: Piece): string | null {
  if (piece.kind === 'file') return piece.text;
  if (piece.kind === 'lines') return withBlock(before, piece.lines);
  if (piece.kind === 'prose') return withBlock(before, piece.lines, MARKDOWN);
  const text = before === null || before.trim() === '' || isBare(before, piece) ? freshOf(piece) : before;
  const now = valueIn(text, piece.at);
  if (piece.kind === 'key') return JSON.stringify(now) === JSON.stringify(piece.value) ? text : setInJson(text, piece.at, piece.value);
  const own = Array.isArray(now) ? now.filter(piece.ours) : [];
  if (own.length === 1 && JSON.stringify(own[0]) === JSON.stringify(piece.value)) return text;
  return addToList(dropFromList(text, piece.at, piece.ours), piece.at, piece.value);
}

/** The file without the piece; null where nothing is left of it. */
export function takePiece(before: string | null, piece: Piece): string | null {
  if (before === null || piece.kind === 'file') return null;
  if (piece.kind === 'lines') return withBlock(before, []) || null;
  if (piece.kind === 'prose') return withBlock(before, [], MARKDOWN) || null;
  const after = piece.kind === 'key' ? dropFromJson(before, piece.at) : dropFromList(before, piece.at, piece.ours);
  return [{}, parseJson(freshOf(piece))].some((bare) => JSON.stringify(bare) === JSON.stringify(parseJson(after))) ? null : after;
}

/** True for a file that holds nothing but our key, and not what a new one begins with: an earlier version made it. */
function isBare(text: string, piece: Piece): boolean {
  return piece.kind === 'key' && piece.fresh !== undefined && JSON.stringify(parseJson(dropFromJson(text, piece.at))) === '{}';
}

const freshOf = (piece: Piece) => (piece.kind === 'key' ? (piece.fresh ?? '{}\n') : '{}\n');

function valueIn(text: string, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    parseJson(text),
  );
}

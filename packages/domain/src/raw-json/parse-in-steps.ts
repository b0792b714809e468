import { closes, isBracket, isQuote, isStructure, opens, skipString } from './skip-json.ts';

/** `JSON.parse` is given so much at once where the text can be split: some ms of whatever JSON. */
const PIECE_CHARACTERS = 65_536;
const BLANK = /^[ \t\n\r]*$/;

type Made = unknown[] | Record<string, unknown>;

/** An object or array that is still open where the text is being read. */
interface Level {
  /** The index of its bracket; of the root, which is read like an array, -1. */
  readonly start: number;
  /** The index of the last comma between its members, or of its bracket. */
  comma: number;
  /** What it becomes, where it is put together from pieces; `null` while it is part of one. */
  made: Made | null;
  /** Where what is not parsed yet begins, of one that is put together. */
  from: number;
  /** Whether all that may still come of its last member is white space. */
  isMemberMade: boolean;
}

const openLevel = (start: number, made: Made | null): Level => {
  return { start, comma: start, made, from: start + 1, isMemberMade: false };
};

function refuse(): never {
  throw new SyntaxError('This is not JSON');
}

function put(made: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') made[key] = value;
  // By an assignment it would become the prototype.
  else Object.defineProperty(made, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Adds members as they stand between commas. @returns how many */
function addMembers(made: Made, text: string): number {
  if (Array.isArray(made)) {
    const members = JSON.parse(`[${text}]`) as unknown[];
    for (const member of members) made.push(member);
    return members.length;
  }
  const members = Object.entries(JSON.parse(`{${text}}`) as object);
  for (const [key, member] of members) put(made, key, member);
  return members.length;
}

/** Parses what stands before a comma or the end. @param isEnd there nothing may stand, if nothing stood there before */
function addPiece(level: Level, made: Made, piece: string, isEnd: boolean): void {
  if (level.isMemberMade) {
    if (!BLANK.test(piece)) refuse();
  } else if (!isEnd || level.from > level.start + 1 || !BLANK.test(piece)) {
    if (addMembers(made, piece) === 0) refuse();
  }
  level.from += piece.length + 1;
  level.isMemberMade = false;
}

/** A text that is being read. */
interface Reading {
  readonly text: string;
  readonly pieceCharacters: number;
  /** The open ones, the root and others from the outside; */
  readonly levels: Level[];
  /** of which so many are put together. */
  madeLevels: number;
}

const innermost = ({ levels }: Reading): Level => levels[levels.length - 1] as Level;

function closeLevel(reading: Reading, at: number, isArray: boolean): void {
  const level = innermost(reading);
  if (reading.levels.length === 1) refuse();
  reading.levels.pop();
  if (!level.made) return;
  if (Array.isArray(level.made) !== isArray) refuse();
  addPiece(level, level.made, reading.text.slice(level.from, at), true);
  reading.madeLevels -= 1;
  innermost(reading).from = at + 1;
}

/** @returns whether what stands before the comma was parsed, because it is long enough or has been begun */
function passComma(reading: Reading, at: number): boolean {
  const level = innermost(reading);
  level.comma = at;
  if (!level.made || (!level.isMemberMade && at - level.from < reading.pieceCharacters)) return false;
  addPiece(level, level.made, reading.text.slice(level.from, at), false);
  return true;
}

/**
 * Where what is not parsed yet is long enough, though it is one member that is still open, that is put together from pieces itself.
 *
 * @returns whether it was so
 */
function descend(reading: Reading, at: number): boolean {
  const { text, levels, madeLevels, pieceCharacters } = reading;
  const [outer, inner] = [levels[madeLevels - 1], levels[madeLevels]];
  if (!inner || !outer?.made || at - outer.from < pieceCharacters) return false;
  const { made } = outer;
  if (outer.comma >= outer.from) addPiece(outer, made, text.slice(outer.from, outer.comma), false);
  if (outer.isMemberMade) refuse();
  inner.made = isBracket(text.charCodeAt(inner.start)) ? [] : {};
  const before = text.slice(outer.from, inner.start);
  if (!Array.isArray(made)) {
    const [key = ''] = Object.keys(JSON.parse(`{${before}null}`) as object);
    put(made, key, inner.made);
  } else if (BLANK.test(before)) made.push(inner.made);
  else refuse();
  outer.isMemberMade = true;
  reading.madeLevels += 1;
  return true;
}

/** Reads on at a comma or a bracket. @returns whether something was parsed */
function readOn(reading: Reading, code: number, at: number): boolean {
  if (opens(code)) reading.levels.push(openLevel(at, null));
  else if (closes(code)) closeLevel(reading, at, isBracket(code));
  else if (passComma(reading, at)) return true;
  return descend(reading, at);
}

/**
 * `JSON.parse`, in steps of which none is long: the text is split at commas, inside of what is long itself. Only one string or
 * number is never split.
 *
 * @param text nested no deeper than some hundred levels
 * @param pieceCharacters how long what is parsed at once may be
 * @throws SyntaxError where `JSON.parse` throws one
 */
export function* parseInSteps(text: string, pieceCharacters = PIECE_CHARACTERS): Generator<void, unknown> {
  if (text.length <= pieceCharacters) return JSON.parse(text) as unknown;
  const made: unknown[] = [];
  const root = openLevel(-1, made);
  const reading: Reading = { text, pieceCharacters, levels: [root], madeLevels: 1 };
  let index = 0;
  while (index < text.length) {
    const at = index;
    const code = text.charCodeAt(at);
    index = isQuote(code) ? skipString(text, at) : at + 1;
    if (isStructure(code) && readOn(reading, code, at)) yield;
  }
  // What is still open is part of this piece, which is then no JSON.
  addPiece(root, made, text.slice(root.from), false);
  if (made.length !== 1) refuse();
  return made[0];
}

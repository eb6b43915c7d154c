import { isDeepStrictEqual } from 'node:util';
import { applyPatch, Pointer } from 'rfc6902';
import type { Json } from '../../model/units.ts';
import type { Operation } from '../../sys/kube.ts';
import { type Change, isFields } from './change.ts';

type Path = Change['path'];

/** The change of a field from one value to another; undefined means that there is no value. */
export interface Move {
  readonly path: Path;
  readonly from: Json | undefined;
  readonly to: Json | undefined;
}

export const forward = ({ path, before, after }: Change): Move => ({ path, from: before, to: after ?? undefined });
export const backward = ({ path, before, after }: Change): Move => ({ path, from: after ?? undefined, to: before });

const pointerOf = (tokens: readonly string[]): string => new Pointer(['', ...tokens]).toString();
const keyOf = (step: Path[number]): string => (typeof step === 'string' ? step : step.name);

interface Place {
  readonly tokens: readonly string[];
  readonly value: unknown;
}

/**
 * The value at a path, undefined if there is none. `ancestors` holds every object and list on the path that exists, outermost
 * first.
 */
export function find(object: object, path: Readonly<Path>): { readonly value: unknown; readonly ancestors: Place[] } {
  let place: Place = { tokens: [], value: object };
  const ancestors = [place];
  for (const key of path.map(keyOf)) {
    const { tokens, value } = place;
    const token = Array.isArray(value)
      ? value.findIndex((item) => isFields(item) && item.name === key)
      : isFields(value) && Object.hasOwn(value, key) && key;
    if (token === false || token === -1) return { value: undefined, ancestors };
    place = { tokens: [...tokens, String(token)], value: (value as { readonly [key: string]: unknown })[token] };
    ancestors.push(place);
  }
  return { value: place.value ?? undefined, ancestors };
}

/**
 * Splits moves by the current value of their field. `open`: the field has the old value, so the move can be made.
 * `left`: the field has a third value. Moves that were made already are in neither.
 */
export function splitMoves(
  object: object,
  moves: readonly Move[],
): { readonly open: readonly Move[]; readonly left: readonly Move[] } {
  const open: Move[] = [];
  const left: Move[] = [];
  for (const move of moves) {
    const { value, ancestors } = find(object, move.path);
    // A move must not add a list item, such as a container, that was removed in the meantime.
    const itemGone = move.path.slice(ancestors.length - 1, -1).some((step) => typeof step !== 'string');
    if (isDeepStrictEqual(value, move.from) && !itemGone) open.push(move);
    else if (!isDeepStrictEqual(value, move.to)) left.push(move);
  }
  return { open, left };
}

/** A JSON Patch that makes the moves. It first tests that everything on the paths is still as it was read. */
export function operationsFor(object: object, moves: readonly Move[]): Operation[] {
  const tests = new Map(moves.flatMap(({ path }) => testsOf(object, path)).map((test) => [test.path, test]));
  const made = structuredClone(object);
  const operations = [...moves]
    // Items are removed before others are added, so that each added item finds the item that it follows.
    .sort((one, other) => Number(one.to !== undefined) - Number(other.to !== undefined))
    .flatMap((move) => {
      const steps = stepsOf(made, move);
      applyPatch(made, steps);
      return steps;
    });
  return [...tests.values(), ...operations];
}

/** Tests that the list items on the path are the named ones, and that the value is unchanged or still missing. */
function testsOf(object: object, path: Path): Operation[] {
  const { ancestors } = find(object, path);
  const names = ancestors.slice(1).flatMap(({ tokens }, index): Operation[] => {
    const step = path[index];
    return typeof step === 'object' ? [{ op: 'test', path: pointerOf([...tokens, 'name']), value: step.name }] : [];
  });
  // RFC 6902 has no test for a missing value, so the object around it is tested.
  const last = ancestors.at(-1);
  return [...names, { op: 'test', path: pointerOf(last?.tokens ?? []), value: last?.value }];
}

function stepsOf(object: object, { path, to }: Move): Operation[] {
  const { value, ancestors } = find(object, path);
  const nearest = ancestors.at(-1);
  let tokens = nearest?.tokens ?? [];
  if (to === undefined) return [{ op: 'remove', path: pointerOf(tokens) }];
  if (value !== undefined) return [{ op: 'replace', path: pointerOf(tokens), value: to }];
  const missing = path.slice(ancestors.length - 1, -1).map((step, index): Operation => {
    tokens = [...tokens, keyOf(step)];
    const next = path[ancestors.length + index];
    return { op: 'add', path: pointerOf(tokens), value: typeof next === 'string' ? {} : [] };
  });
  const last = path.at(-1) ?? '';
  const list = missing.length === 0 && Array.isArray(nearest?.value) ? nearest.value : [];
  const token = typeof last === 'string' ? last : placeIn(list, last.after);
  return [...missing, { op: 'add', path: pointerOf([...tokens, token]), value: to }];
}

/**
 * The index after the item with the name. The start if the item had none before it. The end if the name is unknown or
 * the item was removed.
 */
function placeIn(list: readonly { readonly name?: unknown }[], after: string | null | undefined): string {
  if (after === null) return '0';
  const index = list.findIndex(({ name }) => name === after);
  return String(after === undefined || index < 0 ? list.length : index + 1);
}

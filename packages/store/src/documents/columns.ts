/**
 * Lists of like things as columns: the names of their members stand once, and values that keep coming back stand once
 * with the places where they do. A list of 4,000 paths written out as JSON is mostly the same words again and again;
 * as columns it is a fifth of that, is read in less than half the time, and what it is read into shares those values.
 *
 * A column is a list as it is, or one of
 *   {"values": […], "at": [place of each in values]}   few different values
 *   {"each": [length of each], "of": column}            lists, written one behind the other
 *   {"fields": {name: column}}                          objects that all have the same members
 */

type Things = Readonly<Record<string, unknown>>;

/** Objects that are compared by their text are few, or it is not worth it. */
const mostObjects = 64;

/** A list of JSON values as a column; `fromColumn` gives them back. */
export function toColumn(values: readonly unknown[]): unknown {
	if (values.length === 0) return values;
	if (values.every(isList)) {
		return { each: values.map(({ length }) => length), of: toColumn(values.flat()) };
	}
	const names = sharedNames(values);
	const holdsLists =
		names !== null && values.some((value) => isThing(value) && Object.values(value).some(isList));
	const few = holdsLists ? null : fewValues(values);
	if (few !== null) return few;
	if (names === null) return values;
	const fields = names.map((name) => [
		name,
		toColumn(values.map((value) => (isThing(value) ? value[name] : undefined))),
	]);
	return { fields: Object.fromEntries(fields) };
}

/** How much may still be read, in bytes of JSON as it would be written out; below 0 once it was too much. */
export interface Room {
	left: number;
}

/**
 * The values of a column. They may share objects, and must not be changed. Throws a RangeError for what is no column,
 * and for values that would take more than `room` if each were written where it stands: whoever walks through them
 * meets a value as often as it is there, so that a small text could keep a reader busy for ever.
 */
export function fromColumn(column: unknown, room: Room): readonly unknown[] {
	return valuesOf(column, room);
}

function valuesOf(column: unknown, room: Room): readonly unknown[] {
	if (isList(column)) return column;
	if (!isThing(column)) throw new RangeError("a list is neither a list nor columns");
	const { values, at, each, of, fields } = column;
	if (isList(values) && isList(at)) return repeated(values, at, room);
	if (isList(each)) return lists(each, valuesOf(of, room));
	if (isThing(fields))
		return rows(Object.entries(fields).map(([name, packed]) => [name, valuesOf(packed, room)]));
	throw new RangeError("a list stands in columns of an unknown kind");
}

function repeated(values: readonly unknown[], at: readonly unknown[], room: Room): unknown[] {
	const sizes = values.map((value) => JSON.stringify(value).length);
	return at.map((given) => {
		const place = placeIn(given, values.length);
		room.left -= sizes[place] ?? 0;
		if (room.left < 0) throw new RangeError("columns say more than a report may");
		return values[place];
	});
}

/** Null when too many of them differ. */
function fewValues(values: readonly unknown[]): { readonly values: unknown[]; readonly at: number[] } | null {
	const places = new Map<unknown, number>();
	const objects = new Map<string, number>();
	const different: unknown[] = [];
	const at: number[] = [];
	for (const value of values) {
		const known = isScalar(value) ? places : objects;
		const key = isScalar(value) ? value : JSON.stringify(value);
		let place = known.get(key);
		if (place === undefined) {
			place = different.push(value) - 1;
			known.set(key, place);
			if (different.length > values.length / 4 || objects.size > mostObjects) return null;
		}
		at.push(place);
	}
	return { values: different, at };
}

/** The names of the members of all objects, in their order; null when something else is among them, or others. */
function sharedNames(values: readonly unknown[]): readonly string[] | null {
	const [first] = values;
	if (!isThing(first)) return null;
	const names = Object.keys(first);
	const text = names.join("\n");
	const alike = values.every((value) => isThing(value) && Object.keys(value).join("\n") === text);
	return alike && names.length > 0 && !names.includes("__proto__") ? names : null;
}

function rows(columns: readonly (readonly [name: string, values: readonly unknown[]])[]): Things[] {
	const [first] = columns;
	if (first === undefined) throw new RangeError("objects stand in columns without a name");
	const [, { length }] = first;
	if (columns.some(([name, values]) => values.length !== length || name === "__proto__"))
		throw new RangeError("columns of one list do not fit together");
	// Copies of an object that has all members already: one that grows member by member costs several times as much.
	const blank = Object.fromEntries(columns.map(([name]): [string, unknown] => [name, null]));
	const made = Array.from({ length }, () => ({ ...blank }));
	for (const [name, values] of columns) {
		for (let at = 0; at < length; at++) {
			const row = made[at];
			if (row !== undefined) row[name] = values[at];
		}
	}
	return made;
}

function lists(lengths: readonly unknown[], all: readonly unknown[]): (readonly unknown[])[] {
	let from = 0;
	const made = lengths.map((length) => {
		const list = all.slice(from, from + placeIn(length, all.length - from + 1));
		from += list.length;
		return list;
	});
	if (from !== all.length) throw new RangeError("columns hold more than their lists");
	return made;
}

function placeIn(place: unknown, length: number): number {
	if (typeof place === "number" && Number.isInteger(place) && place >= 0 && place < length) return place;
	throw new RangeError("a place in a column is none");
}

function isScalar(value: unknown): boolean {
	return typeof value !== "object" || value === null;
}

function isList(value: unknown): value is readonly unknown[] {
	return Array.isArray(value);
}

function isThing(value: unknown): value is Things {
	return typeof value === "object" && value !== null && !isList(value);
}

import type { SQLOutputValue } from "node:sqlite";
import { PathkeeperError } from "@pathkeeper/model";

/** A row as `node:sqlite` gives it, with integers as bigint. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

export function integerIn(row: Row | undefined, column: string): bigint {
	const value = row?.[column];
	return typeof value === "bigint" ? value : wrong(column, value);
}

export function textIn(row: Row, column: string): string {
	const value = row[column];
	return typeof value === "string" ? value : wrong(column, value);
}

export function bytesIn(row: Row, column: string): Uint8Array {
	const value = row[column];
	return value instanceof Uint8Array ? value : wrong(column, value);
}

function wrong(column: string, value: unknown): never {
	throw new PathkeeperError("BUG", { problem: `column ${column} holds ${typeof value}` });
}

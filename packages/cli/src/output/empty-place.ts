import { type EmptyPlace, emptyPlaces } from "@pathkeeper/model";
import type { Output } from "./output.ts";

/** What is not there yet and how to go on; the command has a line to itself, so that it can be copied. */
export function emptyPlace(output: Output, name: keyof typeof emptyPlaces, indent = ""): string {
	const { title, step, command }: EmptyPlace = emptyPlaces[name];
	const text = output.lines(`${title} ${step}${command === null ? "." : ":"}`, indent, indent);
	return command === null ? text : `${text}${indent}  ${command}\n`;
}

/** Texts of others, made safe to be shown. */
import { visible } from "@pathkeeper/model";

/** A text from outside, without anything in it that hides or reverses the text next to it. */
export function shown(text: string): string {
	return visible(text, 4000);
}

/** What a LUN is called: its alias, else its WWID. */
export function nameOf({ alias, wwid }: { readonly alias: string | null; readonly wwid: string }): string {
	return shown(alias ?? wwid);
}

/** An array by what its LUNs report; `absent` where they report nothing. */
export function arrayText(
	vendor: string | null | undefined,
	model: string | null | undefined,
	absent: string,
): string {
	const text = [vendor, model].flatMap((part) => (part ? [shown(part)] : [])).join(" ");
	return text === "" ? absent : text;
}

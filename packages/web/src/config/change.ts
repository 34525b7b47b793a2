import type { ConfigAnswer } from "../api/queries.ts";

/** A change that is not made yet: it can be looked at, made, and put on top of what somebody else saved meanwhile. */
export interface Change {
	readonly title: string;
	/** The documents that it would make of those that are stored; throws what is wrong with it, by field. */
	readonly proposal: (stored: ConfigAnswer) => { readonly text?: string; readonly overrides?: string };
	/** Saves it; refused when the documents are not those that it was looked at with. */
	readonly save: (base: ConfigAnswer) => Promise<unknown>;
	/** The document that it changes. */
	readonly document: "text" | "overrides";
}

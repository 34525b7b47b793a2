import type { ConfigAnswer } from "../api/queries.ts";

/** A change of the configuration that is not saved yet. It can be reviewed, saved, and based on what others saved. */
export interface ConfigChange {
	readonly title: string;
	/** The documents after the change; throws what is wrong with it, by field. */
	readonly proposal: (stored: ConfigAnswer) => { readonly text?: string; readonly overrides?: string };
	/** Saves it; refused when the documents are no longer those that it was reviewed on. */
	readonly save: (base: ConfigAnswer) => Promise<unknown>;
	/** The document that it changes. */
	readonly document: "text" | "overrides";
}

/** Opens the review of a change; `done` is called once the change is saved. */
export type ReviewChange = (change: ConfigChange, done: () => void) => void;

import { JsonCounter } from "@pathkeeper/model";
import type { FastifyInstance, FastifyRequest } from "fastify";

declare module "fastify" {
	interface FastifyContextConfig {
		/** How many parameters a body may hold on this route; `mostParameters` when absent. */
		readonly mostParameters?: number;
	}
}

/** No route has a tenth of this. */
export const mostParameters = 1000;
/** For routes that anybody may call: a login has four. */
export const mostOfStrangers = 20;

/** A body that holds more than its route takes. */
export class BodyRefused extends Error {
	override readonly name = "BodyRefused";
	/** As Fastify reads the status off an error. */
	readonly statusCode = 400;
}

/**
 * Reads bodies as Proxmox VE's clients send them: JSON or urlencoded, and none at all where a client names a content
 * type out of habit (go clients do so with DELETE). A key that stands twice becomes a list of its values. Time is
 * linear in the body, and what it holds is counted before anything is made of it.
 */
export function addBodyParsers(app: FastifyInstance): void {
	app.addContentTypeParser(
		"application/x-www-form-urlencoded",
		{ parseAs: "string" },
		(request, body, done) => {
			const text = body.toString();
			const most = mostOf(request);
			if (hasMorePairs(text, most)) done(tooMany(most));
			else done(null, formValues(text));
		},
	);
	const parseJson = app.getDefaultJsonParser("error", "error");
	app.removeContentTypeParser("application/json");
	app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
		const most = mostOf(request);
		const bytes = Buffer.from(body);
		// Twice as many: a client may write a list of one value where one is meant.
		if (new JsonCounter().exceeds(2 * most, bytes)) done(tooMany(most));
		else if (bytes.length === 0) done(null, {});
		else void parseJson(request, bytes.toString("utf8"), done);
	});
}

function mostOf(request: FastifyRequest): number {
	return request.routeOptions.config.mostParameters ?? mostParameters;
}

function tooMany(most: number): BodyRefused {
	return new BodyRefused(`more than ${most} keys`);
}

function hasMorePairs(text: string, most: number): boolean {
	let pairs = text === "" ? 0 : 1;
	for (let at = text.indexOf("&"); at >= 0 && pairs <= most; at = text.indexOf("&", at + 1)) pairs++;
	return pairs > most;
}

function formValues(text: string): Readonly<Record<string, string | readonly string[]>> {
	const values = new Map<string, string[]>();
	for (const [key, value] of new URLSearchParams(text)) {
		const before = values.get(key);
		if (before === undefined) values.set(key, [value]);
		else before.push(value);
	}
	return Object.fromEntries([...values].map(([key, all]) => [key, all.length === 1 ? (all[0] ?? "") : all]));
}

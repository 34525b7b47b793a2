import type { FastifyInstance } from "fastify";

/**
 * Reads bodies as Proxmox VE's clients send them: JSON or urlencoded, and none at all where a client names a content
 * type out of habit (go clients do so with DELETE). A key that stands twice becomes a list of its values.
 */
export function addBodyParsers(app: FastifyInstance): void {
	app.addContentTypeParser(
		"application/x-www-form-urlencoded",
		{ parseAs: "string" },
		(_request, body, done) => {
			const values = new Map<string, string | string[]>();
			for (const [key, value] of new URLSearchParams(body.toString())) {
				const before = values.get(key);
				values.set(key, before === undefined ? value : [before, value].flat());
			}
			done(null, Object.fromEntries(values));
		},
	);
	const parseJson = app.getDefaultJsonParser("error", "error");
	app.removeContentTypeParser("application/json");
	app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
		if (body.length === 0) done(null, {});
		else void parseJson(request, body.toString(), done);
	});
}

/** `/cluster/pathkeeper/acknowledgements`: findings that a person has decided to be no work for now. */
import { Type } from "typebox";
import { node, nullable } from "./fields.ts";
import { defineRoute } from "./route.ts";

const id = Type.String({ maxLength: 40, description: "name of an acknowledgement" });
const code = Type.String({ maxLength: 100, description: "code of the finding" });
const subject = Type.String({ maxLength: 512, description: "what the finding is about, as it names it" });

export const listAcknowledgements = defineRoute({
	method: "GET",
	path: "/cluster/pathkeeper/acknowledgements",
	privilege: "Sys.Audit",
	summary: "Acknowledged findings, present now or not",
	parameters: Type.Object({}),
	result: Type.Array(
		Type.Object({
			id,
			node: nullable(node),
			code,
			subject: nullable(subject),
			text: Type.String(),
			reason: Type.String(),
			by: Type.String(),
			at: Type.Number({ description: "milliseconds since the epoch" }),
		}),
	),
});

export const acknowledge = defineRoute({
	method: "POST",
	path: "/cluster/pathkeeper/acknowledgements",
	privilege: "Sys.Modify",
	summary:
		"Acknowledges the findings with a code as they are worded now, on one node or on all. A finding with another text is a new one, and only lasting conditions can be acknowledged",
	parameters: Type.Object({
		code,
		node: Type.Optional(node),
		subject: Type.Optional(subject),
		reason: Type.String({ minLength: 1, maxLength: 512, description: "why no action is needed for now" }),
	}),
	result: Type.Array(id, { description: "one for each text" }),
});

export const withdrawAcknowledgement = defineRoute({
	method: "DELETE",
	path: "/cluster/pathkeeper/acknowledgements/:id",
	privilege: "Sys.Modify",
	summary: "Withdraws an acknowledgement: its finding is open again",
	parameters: Type.Object({ id }),
	result: Type.Null(),
});

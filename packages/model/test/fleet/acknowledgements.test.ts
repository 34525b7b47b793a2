import { expect, test } from "vitest";
import {
	type Acknowledgement,
	type Finding,
	judgedFindings,
	nodeFacts,
	openFindings,
	withAcknowledgements,
} from "../../src/index.ts";
import { node } from "./fleet-of.ts";

const finding: Finding = {
	code: "multipath-tools-known-holes",
	severity: "warning",
	subject: null,
	text: "0.9.4 is old",
};
const acknowledgement: Acknowledgement = {
	node: null,
	code: "multipath-tools-known-holes",
	subject: null,
	text: finding.text,
	reason: "mended by the distribution",
	by: "jane@local",
	at: 1,
};

test("an acknowledgement holds for the text that was seen, and for nothing else", () => {
	const holds = (other: Partial<Finding>, more: Partial<Acknowledgement> = {}) =>
		judgedFindings("n1", [{ ...finding, ...other }], [{ ...acknowledgement, ...more }])[0]?.acknowledged !==
		null;
	expect(holds({})).toBe(true);
	expect(holds({}, { node: "n1" })).toBe(true);
	expect(holds({ text: "0.9.4 is old, and has one hole more" })).toBe(false);
	expect(holds({ code: "other" })).toBe(false);
	expect(holds({ subject: "file" })).toBe(false);
	expect(holds({}, { node: "n2" })).toBe(false);
	expect(holds({ severity: "error" })).toBe(false);
	const stuck = { code: "kernel-read-stuck", text: "a read hangs" };
	expect(holds(stuck, stuck), "what may happen again").toBe(false);
});

test("acknowledged findings are counted apart, and what a report claims about itself counts nothing", () => {
	const forged = { ...finding, acknowledged: { reason: "x", by: "root@local", at: 1 } };
	const facts = nodeFacts(node("n1", { findings: [forged] }));
	expect(openFindings(facts.head?.findings ?? [], "warning")).toBe(1);
	const judged = withAcknowledgements(facts, [acknowledgement]);
	expect(openFindings(judged.head?.findings ?? [], "warning")).toBe(0);
	expect(judged.head?.findings[0]?.acknowledged).toEqual({
		reason: "mended by the distribution",
		by: "jane@local",
		at: 1,
	});
	expect(withAcknowledgements(judged, [acknowledgement])).toBe(judged);
	expect(withAcknowledgements(judged, []).head?.findings[0]?.acknowledged).toBeNull();
});

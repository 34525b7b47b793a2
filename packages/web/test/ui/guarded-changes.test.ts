/**
 * No button changes anything on a server at one click. Every call that changes something has to be in the table below,
 * with what comes before it; those that take something away are made by the question that `ui/confirm.tsx` asks.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as model from "@pathkeeper/model";
import { describe, expect, test } from "vitest";

const folder = join(import.meta.dirname, "../../src");
const sources = globSync("**/*.{ts,tsx}", { cwd: folder })
	.sort()
	.map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));

type Guard =
	/** A form is filled in and sent; it says what it does. */
	| "form"
	/** The change is looked at before. */
	| "review"
	/** A question that names what breaks. */
	| "confirm"
	/** A form where it gives something; a question where it takes that away again. */
	| "form, or confirm"
	/** It is undone at one click. */
	| "undo"
	/** It ends the sessions of who asks, who can log in again at once. */
	| "own session";

const guards: Readonly<Record<string, Guard>> = {
	"accessRoutes.changePassword": "form",
	"accessRoutes.createTicket": "form",
	"accessRoutes.createToken": "form",
	"accessRoutes.createUser": "form",
	"accessRoutes.deleteToken": "confirm",
	"accessRoutes.deleteUser": "confirm",
	"accessRoutes.endSession": "own session",
	"accessRoutes.putUser": "undo",
	"accessRoutes.updateAcl": "form, or confirm",
	"acknowledgementRoutes.acknowledge": "form",
	"acknowledgementRoutes.withdrawAcknowledgement": "confirm",
	"clusterRoutes.removeNode": "confirm",
	"multipathRoutes.allowLun": "review",
	"multipathRoutes.forgetLun": "confirm",
	"multipathRoutes.preview": "review",
	"multipathRoutes.putDefaults": "review",
	"multipathRoutes.putLun": "review",
	"multipathRoutes.putOverrides": "review",
	"storageRoutes.activateVolume": "form",
	"storageRoutes.addStorage": "review",
	"storageRoutes.allocVolume": "form",
	"storageRoutes.deactivateVolume": "form",
	"storageRoutes.freeVolume": "confirm",
	"storageRoutes.putStorage": "review",
	"storageRoutes.removeStorage": "confirm",
	"storageRoutes.renameVolume": "form",
	"storageRoutes.resizeVolume": "form",
	"taskRoutes.stopTask": "confirm",
};

/** A form that carries out its change when it is sent, and at no other time. */
const sendingForm = /<Form\b[^>\n]* onSubmit=\{\(\) => \w+\.mutate\(\)\}>/;

const isRoute = (value: unknown): value is { readonly method: string } =>
	value instanceof Object && "method" in value && typeof value.method === "string";

function methodOf(name: string): string {
	const [group = "", route = ""] = name.split(".");
	const found: unknown = Reflect.get(Reflect.get(model, group) ?? {}, route);
	if (!isRoute(found)) throw new Error(`there is no route ${name}`);
	return found.method;
}

const used = sources.flatMap(({ text }) => [...text.matchAll(/\b\w+Routes\.\w+/g)].map(([route]) => route));
const changing = [...new Set(used)].filter((route) => methodOf(route) !== "GET").sort();

describe("calls that change something", () => {
	test("are all in the table, and nothing else is", () => {
		expect(changing).toEqual(Object.keys(guards).sort());
	});

	test.each(changing.filter((route) => guards[route] === "confirm"))("%s is made by a question", (route) => {
		const files = sources.filter(({ text }) => text.includes(route));
		expect(files.length).toBeGreaterThan(0);
		for (const { name, text } of files) expect(text, name).toMatch(/<Confirm\b|<AskAboutUser\b/);
	});

	test.each(changing.filter((route) => guards[route] === "form, or confirm"))(
		"%s is made by a form or by a question",
		(route) => {
			const files = sources.filter(({ text }) => text.includes(route));
			const made = files.map(({ text }) =>
				/<Confirm\b/.test(text) ? "confirm" : sendingForm.test(text) ? "form" : "nothing",
			);
			expect(made.toSorted()).toEqual(["confirm", "form"]);
		},
	);

	test("take away only in the question itself", () => {
		const taking = changing.filter(
			(route) => methodOf(route) === "DELETE" && guards[route] !== "own session",
		);
		const deleting = [...taking, "delete: 1 "];
		expect(deleting.length).toBeGreaterThan(4);
		for (const call of deleting) {
			const before = sources.flatMap(({ text }) =>
				placesOf(text, call).map((at) => text.slice(Math.max(0, at - 160), at)),
			);
			expect(before.length, call).toBeGreaterThan(0);
			for (const text of before) expect(text, call).toContain("run={");
		}
	});

	test("are sent by the forms that they belong to, by a question or by a review, and by no other button", () => {
		const loose = sources.flatMap(({ name, text }) =>
			placesOf(text, "mutate").flatMap((at) => {
				const line = text.slice(text.lastIndexOf("\n", at) + 1, text.indexOf("\n", at)).trim();
				return sendingForm.test(line) ? [] : [`${name}: ${line}`];
			}),
		);
		expect(loose).toEqual([]);
		for (const { name, text } of sources) expect(text, name).not.toMatch(/onClick=\{[^}\n]*client\.call/);
	});
});

function placesOf(text: string, word: string): number[] {
	return [...text.matchAll(new RegExp(word, "g"))].map(({ index }) => index);
}

import { describe, expect, test } from "vitest";
import {
	addStorage,
	isSecretByName,
	PathkeeperError,
	type StorageType,
	updateStorage,
} from "../../src/index.ts";

const text = (name: string) => [name, { kind: "text", description: "" }] as const;
const type: StorageType = {
	type: "tape",
	selectExisting: false,
	alwaysShared: false,
	sensitive: ["pin"],
	content: { valid: ["images"], default: ["images"] },
	format: { valid: ["raw"], default: "raw" },
	properties: Object.fromEntries(["pin", "chap-password", "password-file", "server"].map(text)),
	options: {
		pin: { optional: true },
		"chap-password": { optional: true },
		"password-file": { optional: true },
		server: { optional: true },
	},
};
const refusal =
	"is secret and must not be in storage.cfg; keep it on the nodes, in a file that only root can read, and set a property to the path of that file";

function fieldsOf(work: () => unknown): Readonly<Record<string, string>> {
	try {
		work();
	} catch (error) {
		if (error instanceof PathkeeperError) return error.fields;
		throw error;
	}
	return {};
}

describe("a secret of a storage", () => {
	test.each(["pin", "chap-password"])(
		"as %s does not get into storage.cfg, and it is said where to",
		(name) => {
			expect(fieldsOf(() => addStorage("", [type], "t1", "tape", { [name]: "hush" }))).toEqual({
				[name]: refusal,
			});
			const before = addStorage("", [type], "t1", "tape", { server: "192.0.2.1" });
			const change = { set: { [name]: "hush" }, delete: [] };
			expect(fieldsOf(() => updateStorage(before, [type], "t1", change))).toEqual({ [name]: refusal });
		},
	);

	test("may be named by the file that it is in", () => {
		const file = { "password-file": "/etc/pathkeeper/tape" };
		expect(addStorage("", [type], "t1", "tape", file)).toContain("password-file /etc/pathkeeper/tape");
	});

	test("is known by the name of its property", () => {
		const secret = [
			"password",
			"chap-secret",
			"apiKey",
			"api_key",
			"auth-token",
			"pw",
			"keyring",
			"userpassword",
		];
		const open = [
			"bypass",
			"passive",
			"keyfile-path",
			"compass",
			"nodes",
			"token-file",
			"monkey",
			"vgname",
			"path",
		];
		expect(secret.filter((name) => !isSecretByName(name))).toEqual([]);
		expect(open.filter(isSecretByName)).toEqual([]);
	});
});

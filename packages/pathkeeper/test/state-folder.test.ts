import { execFileSync } from "node:child_process";
import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PathkeeperError } from "@pathkeeper/model";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { takeStateFolder } from "../src/state-folder.ts";

const isRoot = process.getuid?.() === 0;
const mode = (path: string) => statSync(path).mode & 0o7777;

let root = "";
let shared = "";
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "pk-state-"));
	shared = join(root, "var/lib/pathkeeper");
});
afterEach(() => rmSync(root, { recursive: true }));

function take(role: "agent" | "server" | "both", stateFolder: string, hostRoot = "/"): void {
	takeStateFolder({ role, stateFolder, hostRoot, simulate: null });
}

function refusal(work: () => void): PathkeeperError {
	try {
		work();
	} catch (error) {
		if (error instanceof PathkeeperError) return error;
		throw error;
	}
	throw new Error("it was taken");
}

describe("a state folder", () => {
	test("is made for its owner alone, in a folder that others may pass, whatever the umask", () => {
		const before = process.umask(0o077);
		try {
			take("agent", join(shared, "agent"));
			expect(process.umask()).toBe(0o077);
		} finally {
			process.umask(before);
		}
		expect(mode(join(shared, "agent"))).toBe(0o700);
		expect(mode(shared)).toBe(0o755);
	});

	test("of a simulated fleet is in one that nobody else may enter either", () => {
		const stateFolder = join(shared, "agent/simulated");
		takeStateFolder({ role: "both", stateFolder, hostRoot: "/", simulate: "demo" });
		expect([stateFolder, join(shared, "agent"), shared].map(mode)).toEqual([0o700, 0o700, 0o755]);
	});

	test("that others may write to is refused", () => {
		mkdirSync(join(shared, "agent"), { recursive: true });
		chmodSync(join(shared, "agent"), 0o770);
		const { code, message } = refusal(() => take("both", join(shared, "agent")));
		expect(code).toBe("STATE_FOLDER_UNSAFE");
		expect(message).toContain("others may write to it; chmod go-w it");
	});

	test.runIf(isRoot)("of another user is refused, to root as well", () => {
		mkdirSync(join(shared, "server"), { recursive: true, mode: 0o700 });
		chownSync(join(shared, "server"), 65_534, 65_534);
		const { code, message } = refusal(() => take("server", join(shared, "server")));
		expect(code).toBe("STATE_FOLDER_UNSAFE");
		expect(message).toMatch(/it belongs to user 65534, and this process runs as user 0; .*--state FOLDER/);
	});
});

describe("files of an earlier version", () => {
	const ledger = '{"format":1}';
	beforeEach(() => {
		mkdirSync(shared, { recursive: true, mode: 0o700 });
	});

	test.each(["owned.json", "store.db", "tls", "first-administrator"])(
		"%s beside the folder keep an agent from beginning anew",
		(name) => {
			writeFileSync(join(shared, name), ledger);
			const { code, message } = refusal(() => take("both", join(shared, "agent")));
			expect(code).toBe("STATE_FOLDER_EARLIER");
			expect(message).toContain(`${shared} holds ${name} of an earlier version`);
			expect(existsSync(join(shared, "agent"))).toBe(false);
			expect(readFileSync(join(shared, name), "utf8")).toBe(ledger);
		},
	);

	test("are looked for on the host that the agent looks after", () => {
		writeFileSync(join(shared, "owned.json"), ledger);
		const { code } = refusal(() => take("agent", "/var/lib/pathkeeper/agent", root));
		expect(code).toBe("STATE_FOLDER_EARLIER");
	});

	test("of an agent are none of a server's, and other folders none of ours", () => {
		writeFileSync(join(shared, "owned.json"), ledger);
		take("server", join(shared, "server"));
		take("both", join(shared, "elsewhere"));
		take("both", shared);
		expect(readFileSync(join(shared, "owned.json"), "utf8")).toBe(ledger);
	});

	test.runIf(isRoot)("are moved by the command that the refusal names, and nothing is lost", () => {
		writeFileSync(join(shared, "owned.json"), ledger, { mode: 0o600 });
		mkdirSync(join(shared, "tls"));
		writeFileSync(join(shared, "tls/server.key"), "key", { mode: 0o600 });
		const folder = join(shared, "agent");
		const command = refusal(() => take("both", folder)).message.split("then move them: ")[1] ?? "";
		execFileSync("sh", ["-c", command]);
		take("both", folder);
		expect(readFileSync(join(folder, "owned.json"), "utf8")).toBe(ledger);
		expect(readFileSync(join(folder, "tls/server.key"), "utf8")).toBe("key");
		expect(mode(folder)).toBe(0o700);
		// A second ledger is for a person to compare; neither is lost.
		writeFileSync(join(shared, "owned.json"), "another", { mode: 0o600 });
		const { code, message } = refusal(() => take("both", folder));
		expect(code).toBe("STATE_FOLDER_EARLIER");
		expect(message).toContain(`owned.json are in ${folder} as well, so compare them`);
		expect(readFileSync(join(folder, "owned.json"), "utf8")).toBe(ledger);
		expect(readFileSync(join(shared, "owned.json"), "utf8")).toBe("another");
	});
});

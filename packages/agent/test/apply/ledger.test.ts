import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RootedFiles } from "@pathkeeper/host";
import { PathkeeperError } from "@pathkeeper/model";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { realRuntime } from "../../../pathkeeper/src/runtime/real-runtime.ts";
import { emptyLedger, type Ledger, LedgerFile, sameLedger } from "../../src/apply/ledger.ts";
import { configFile, ledgerFile, milk, oil, oneNode, until } from "../one-node.ts";

function ledgerOnDisk() {
	const root = mkdtempSync(join(tmpdir(), "pk-ledger-"));
	onTestFinished(() => rmSync(root, { recursive: true }));
	const files = new RootedFiles(realRuntime, root);
	return { files, ledger: new LedgerFile(files, "/var/lib/pathkeeper/agent"), path: join(root, ledgerFile) };
}

const anyText = fc.string({ unit: "grapheme" });
const anyLedger: fc.Arbitrary<Ledger> = fc.record({
	files: fc.array(fc.tuple(anyText, anyText)).map((entries) => new Map(entries)),
	wwids: fc
		.array(
			fc.tuple(fc.oneof(anyText, fc.constant("__proto__")), fc.constantFrom("adding", "listed", "leaving")),
		)
		.map((entries) => new Map(entries)),
	unfinished: fc.option(
		fc.record({
			previous: fc.array(fc.tuple(anyText, fc.option(anyText))).map((entries) => new Map(entries)),
			startedAt: fc.nat(),
			told: fc.boolean(),
		}),
	),
	applied: fc.option(fc.record({ config: anyText, overrides: anyText, at: fc.nat() })),
});

describe("the ledger", () => {
	it("is empty on a host that never had one", async () => {
		expect(await ledgerOnDisk().ledger.read()).toEqual(emptyLedger);
	});

	it("is read as it was written, whatever the names in it", async () => {
		const { ledger } = ledgerOnDisk();
		await fc.assert(
			fc.asyncProperty(anyLedger, async (written) => {
				await ledger.write(written);
				const read = await ledger.read();
				expect([...read.wwids].sort()).toEqual([...written.wwids].sort());
				expect(
					sameLedger(read, { ...written, files: read.files, wwids: read.wwids, unfinished: read.unfinished }),
				).toBe(true);
				expect([...read.files].sort()).toEqual([...written.files].sort());
				expect([...(read.unfinished?.previous ?? [])].sort()).toEqual(
					[...(written.unfinished?.previous ?? [])].sort(),
				);
			}),
			{ numRuns: 60 },
		);
	});

	it("is for root alone to read", async () => {
		const { ledger, path } = ledgerOnDisk();
		await ledger.write(emptyLedger);
		expect(statSync(path).mode & 0o777).toBe(0o600);
	});

	it.each([
		["", "JSON"],
		["{", "JSON"],
		["null", "the ledger is not an object"],
		["[]", "the ledger is not an object"],
		["{}", "format is not a number"],
		['{"format":2}', "a newer Pathkeeper wrote it (format 2, this one knows 1)"],
		['{"format":1,"files":{"a":1},"wwids":{},"unfinished":null,"applied":null}', "files.a is not a text"],
		[
			'{"format":1,"files":{},"wwids":{"a":"mine"},"unfinished":null,"applied":null}',
			"wwids.a is not a known state",
		],
		[
			'{"format":1,"files":{},"wwids":{},"unfinished":{},"applied":null}',
			"unfinished.previous is not an object",
		],
		['{"format":1,"files":{},"wwids":{},"unfinished":null,"applied":{}}', "applied.config is not a text"],
		['{"format":1,"files":{},"wwids":{},"unfinished":null}', "applied is not an object"],
	])("is not guessed when it is damaged or from a newer writer: %s", async (text, problem) => {
		const { files, ledger } = ledgerOnDisk();
		await files.replace(ledgerFile, text);
		await expect(ledger.read()).rejects.toMatchObject({
			code: "LEDGER_UNREADABLE",
			message: expect.stringContaining(problem),
		});
	});

	it("is not taken for empty when it cannot be read", async () => {
		const { files } = ledgerOnDisk();
		await files.replace("/var/lib/pathkeeper/agent/owned.json/inside", "");
		await expect(new LedgerFile(files, "/var/lib/pathkeeper/agent").read()).rejects.toBeInstanceOf(
			PathkeeperError,
		);
	});
});

describe("a node whose ledger cannot be understood", () => {
	it("changes nothing, says what to do, and goes on once the ledger was moved away", async () => {
		const node = await oneNode();
		const first = node.startAgent();
		await node.config(`wwid: ${milk}\n`);
		await node.applied();
		await first.stop();
		const before = node.read(configFile);
		node.write(ledgerFile, '{"format":2}');
		await node.config(`wwid: ${oil}\n`);
		node.startAgent();
		expect(await node.failure()).toContain(
			"nothing was changed; restore it, or move it away to start with an empty record",
		);
		expect(node.read(configFile)).toBe(before);
		expect(node.listedWwids()).toEqual([milk]);
		node.remove(ledgerFile);
		await node.applied();
		// What it does not know to be its own stays.
		expect([...node.listedWwids()].sort()).toEqual([milk, oil]);
		await node.config("");
		await node.applied();
		expect(node.listedWwids()).toEqual([milk]);
	});

	it("keeps every entry when the ledger was lost, and goes on with its files, which say whose they are", async () => {
		const node = await oneNode();
		const first = node.startAgent();
		await node.config(`wwid: ${milk}\n\talias milk-run\n`);
		await node.applied();
		await first.stop();
		node.remove(ledgerFile);
		node.startAgent();
		await node.config(`wwid: ${milk}\n\talias milky-way\n`);
		await node.applied();
		expect(node.read(configFile)).toContain("milky-way");
		expect(node.ownedWwids()).toEqual([]);
		await node.config("");
		await node.applied();
		expect(node.listedWwids()).toEqual([milk]);
		await until(
			() => node.read(configFile) === null,
			() => "still there",
		);
	});
});

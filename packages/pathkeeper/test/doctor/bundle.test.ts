import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { lintConf, readSaved } from "@pathkeeper/model";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { growthProblem } from "../../../model/test/cost.ts";
import { makeBundle, writeBundle } from "../../src/doctor/bundle/archive.ts";
import { mark, redact } from "../../src/doctor/bundle/redaction.ts";
import { type Source, sourcesOf } from "../../src/doctor/bundle/sources.ts";
import { tarGz } from "../../src/doctor/bundle/tar.ts";
import { Machine, now } from "./machine.ts";

const folder = mkdtempSync(join(tmpdir(), "pk-bundle-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A machine with something in every source, and what its archive is made of. */
async function gathered(machine: Machine) {
	machine.write("/etc/multipath.conf", "defaults {\n\tpolling_interval 5\n}\n");
	machine.write("/etc/multipath/bindings", "# none\n");
	machine.write("/etc/udev/rules.d/99-scsi.rules", "# tuned\n");
	machine.write("/etc/modprobe.d/iscsi.conf", "options iscsi_tcp debug=0\n");
	machine.write("/etc/iscsi/iscsid.conf", "node.startup = manual\n", 0o600);
	machine.write("/var/lib/pathkeeper/owned.json", '{"format":1}\n');
	for (const program of [
		...["lsblk", "dmsetup", "uname", "df", "dpkg-query", "pvs", "vgs", "lvs"],
		...["journalctl", "systemctl", "timedatectl", "lvmconfig"],
	])
		machine.program(program, `answer of ${program}\n`);
	let sources: readonly Source[] = [];
	const { facts, diagnoses } = await machine.examine({}, async (examination, gathering) => {
		const all = await sourcesOf({ ...gathering, facts: examination.facts, version: "1.2.3" });
		sources = await Promise.all(all.map(readOnce));
	});
	const make = (given: readonly Source[], doctorText = "all is fine\n") =>
		makeBundle({ sources: given, diagnoses, facts, doctorText, now, version: "1.2.3" });
	return { sources, make };
}

/** Read while the host is open; what it gave, or how it failed, stays. */
async function readOnce(source: Source): Promise<Source> {
	try {
		const text = await source.read();
		return { ...source, read: () => Promise.resolve(text) };
	} catch (error) {
		return { ...source, read: () => Promise.reject(error) };
	}
}

describe("the support archive", () => {
	test("is read by tar, verdict and conf check, and says what it holds", async () => {
		await using machine = await Machine.make();
		const { sources, make } = await gathered(machine);
		const { archive, entries } = await make(sources);
		const path = join(folder, "support.tar.gz");
		writeBundle(path, archive);
		expect(statSync(path).mode & 0o777).toBe(0o600);
		const names = execFileSync("tar", ["-tzf", path], { encoding: "utf8" }).trim().split("\n");
		const inside = entries.filter(({ bytes }) => bytes !== null).map(({ name }) => name);
		expect(names).toEqual(["MANIFEST", ...inside]);
		for (const name of [
			"doctor.json",
			"multipathd/maps.json",
			"etc/multipath.conf",
			"journal/pathkeeper.txt",
		])
			expect(names).toContain(name);
		execFileSync("tar", ["-xzf", path, "-C", folder]);
		const unpacked = (name: string) => readFileSync(join(folder, name), "utf8");

		const maps = unpacked("multipathd/maps.json");
		expect(maps).toBe(await sources.find(({ name }) => name === "multipathd/maps.json")?.read());
		expect(readSaved(maps).maps.map(({ wwid }) => wwid)).toEqual(machine.wwids);
		expect(lintConf(unpacked("etc/multipath.conf"))).toEqual([]);
		const dropIn = unpacked("etc/multipath/conf.d/pathkeeper.conf");
		expect(lintConf(dropIn).filter(({ severity }) => severity === "error")).toEqual([]);

		const manifest = unpacked("MANIFEST");
		for (const { name, bytes, note } of entries) {
			expect(manifest).toContain(name);
			if (bytes === null) expect(note).not.toBeNull();
		}
		expect(() => writeBundle(path, archive)).toThrow(expect.objectContaining({ code: "ALREADY_EXISTS" }));
		expect(readFileSync(path)).toEqual(archive);
	});

	test("leaves out, with the reason, what is not there, what fails, and what might hang", async () => {
		await using machine = await Machine.make();
		await machine.host.daemon.stop();
		const { sources, make } = await gathered(machine);
		const { entries } = await make(sources);
		const note = (name: string) => entries.find((entry) => entry.name === name)?.note;
		expect(note("etc/lvm/lvmlocal.conf")).toBe("it is not there");
		expect(note("multipathd/maps.json")).toContain("multipathd is not running");
		expect(note("system/pvs.json")).toContain("it might hang on");
	});

	test("cuts what is too long, at the end that matters less", async () => {
		await using machine = await Machine.make();
		const { make } = await gathered(machine);
		const long = "a line of a log\n".repeat(400_000);
		const source = (keep: Source["keep"]): Source => ({
			name: keep,
			from: "a test",
			keep,
			read: () => Promise.resolve(`first\n${long}last\n`),
		});
		const { archive, entries } = await make([source("beginning"), source("end")]);
		for (const keep of ["beginning", "end"]) {
			const entry = entries.find(({ name }) => name === keep);
			expect(entry?.bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
			expect(entry?.note).toContain(`the ${keep} is kept`);
		}
		const text = gunzipSync(archive).toString("latin1");
		expect(text).toContain("first\na line");
		expect(text).toContain("a log\nlast\n");
	});

	test("holds files of every length as tar has them", () => {
		const contents = [0, 1, 511, 512, 513, 1024].map((bytes) => Buffer.alloc(bytes, "x"));
		const path = join(folder, "lengths.tar.gz");
		const files = contents.map((content) => ({ name: `f${content.length}`, content }));
		writeFileSync(path, tarGz(files, now));
		for (const { name, content } of files)
			expect(execFileSync("tar", ["-xOzf", path, name])).toEqual(content);
	});
});

/** A secret with a part at each end that is nowhere else by chance. */
interface Secret {
	readonly text: string;
	readonly parts: readonly string[];
}

/** Bytes that look random, whatever a shrinker makes of the number. */
function noise(number: number, bytes: number): Buffer {
	const blocks = Array.from({ length: Math.ceil(bytes / 64) }, (_, at) =>
		createHash("sha512").update(`${number} ${at}`).digest(),
	);
	return Buffer.concat(blocks).subarray(0, bytes);
}

const number = fc.integer({ min: 0, max: 2 ** 31 });
const part = number.map((seed) => noise(seed, 15).toString("base64url").replaceAll(/[_-]/g, "x"));
/** Without anything that ends a word. */
const word = part.map((text): Secret => ({ text, parts: [text] }));
/** As people choose them. */
const phrase = fc
	.tuple(part, fc.constantFrom(" ", '"', "'", "=", ":", "#", "\\", "{", "/", "ä", "%", ' " '), part)
	.map(([a, between, b]): Secret => ({ text: `${a}${between}${b}`, parts: [a, b] }));
const key = number.map((seed): Secret => {
	const text = `aB3${noise(seed, 48 + (seed % 40)).toString("base64")}`;
	return { text, parts: [text.slice(0, 20), text.slice(-20)] };
});
const pem = number.map((seed): Secret => {
	const lines =
		noise(seed, 210)
			.toString("base64")
			.match(/.{1,64}/g) ?? [];
	return { text: lines.join("\n"), parts: lines.filter((line) => line.length >= 20) };
});

/** How a secret stands in a text, by its kind. */
const kinds: Readonly<Record<string, readonly [fc.Arbitrary<Secret>, (secret: string) => string]>> = {
	"a password of a record of iSCSI": [phrase, (secret) => `node.session.auth.password = ${secret}`],
	"a password that begins with a slash": [word, (secret) => `node.session.auth.password = /${secret}`],
	"a password of the boot from iSCSI": [
		word,
		(secret) => `netroot=iscsi:n1:${secret}@192.0.2.9::3260:1:iqn.2026-11.com.example:root`,
	],
	"a password for logins to us": [phrase, (secret) => `node.session.auth.password_in = ${secret}`],
	"a token in the settings": [word, (secret) => `PATHKEEPER_TOKEN=root@local!tool=${secret}`],
	"a token without a name": [word, (secret) => `asked by root@local!tool=${secret} at noon`],
	"a member of JSON": [phrase, (secret) => JSON.stringify({ a: 1, "etcd-password": secret, b: 2 })],
	"JSON in a log": [
		phrase,
		(secret) => `Nov 30 n1 pathkeeper[7]: ${JSON.stringify({ token: secret, msg: "in" })}`,
	],
	"JSON in JSON": [word, (secret) => JSON.stringify({ msg: JSON.stringify({ secret, b: 1 }) })],
	"a list in JSON": [word, (secret) => JSON.stringify({ cookies: ["a", secret], b: 1 })],
	"text in JSON": [word, (secret) => JSON.stringify({ msg: `login with password: ${secret}` })],
	"a private key": [pem, (secret) => `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`],
	"a private key that is cut": [pem, (secret) => `-----BEGIN EC PRIVATE KEY-----\n${secret}`],
	"a private key in JSON": [
		pem,
		(secret) =>
			JSON.stringify({ pem: `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----` }),
	],
	"a cookie": [word, (secret) => `Cookie: theme=dark; PVEAuthCookie=${secret}`],
	"a ticket": [word, (secret) => `"GET / HTTP/1.1" PVE:root@local:65F0AB12::${secret}== 401`],
	"a token against forgery": [word, (secret) => `> CSRFPreventionToken: 65F0AB12:${secret}`],
	"a header": [word, (secret) => `curl -H 'Authorization: Bearer ${secret}' https://n1`],
	"a bearer": [word, (secret) => `refused Bearer ${secret}`],
	"an address": [word, (secret) => `fetch https://backup:${secret}@store.example.com/x`],
	"an argument": [phrase, (secret) => `ExecStart=/usr/bin/tool --token ${secret}`],
	"an argument with a sign": [word, (secret) => `ExecStart=/usr/bin/tool --etcd-password=${secret}`],
	"a line of multipath.conf": [word, (secret) => `\tauth_uuid "${secret}"`],
	"a login of curl": [word, (secret) => `curl -u backup:${secret} https://n1`],
	"a login of curl in quotes": [word, (secret) => `curl --user 'backup:${secret}' https://n1`],
	"a block of YAML": [pem, (secret) => `a:\n  password: |\n    ${secret.replaceAll("\n", "\n    ")}\n  b: 1`],
	"a folded block of YAML": [word, (secret) => `secret: >-\n  first\n\n  ${secret}\nnext: 1`],
	"a reservation key": [word, (secret) => `\treservation_key 0x${secret}`],
	"an option": [word, (secret) => `options cifs,password=${secret}`],
	"a hash": [word, (secret) => `root:$6$salt$${secret}:19000:0`],
	"a key of a webhook": [word, (secret) => `webhook whsec_${secret}${secret} sent`],
	"a bare key": [key, (secret) => `loaded ${secret} from the file`],
};

const planted = fc.oneof(
	...Object.entries(kinds).map(([kind, [secrets, write]]) =>
		secrets.map((secret) => ({ kind, secret, text: write(secret.text) })),
	),
);

test("secrets of every kind, planted in every source, are not in the archive", async () => {
	await using machine = await Machine.make();
	const { sources, make } = await gathered(machine);
	const texts = await Promise.all(sources.map(async (source) => await source.read().catch(() => null)));
	// Every source has a text here, so that every one is planted in.
	expect(sources.filter((_, at) => texts[at] === null).map(({ name }) => name)).toEqual(
		expect.not.arrayContaining(["multipathd/maps.json", "journal/pathkeeper.txt", "units/show.txt"]),
	);
	await fc.assert(
		fc.asyncProperty(
			fc.array(planted, { minLength: sources.length + 1, maxLength: sources.length + 1 }),
			fc.boolean(),
			async (secrets, first) => {
				const plant = (text: string, at: number) =>
					first ? `${secrets[at]?.text}\n${text}` : `${text}\n${secrets[at]?.text}\n`;
				const { archive } = await make(
					sources.map((source, at) => ({
						...source,
						read: () => Promise.resolve(plant(texts[at] ?? "", at)),
					})),
					plant("doctor", sources.length),
				);
				const held = gunzipSync(archive).toString("utf8");
				for (const { kind, secret } of secrets)
					for (const text of secret.parts) expect(held.includes(text), `${kind}: ${text}`).toBe(false);
			},
		),
		{ numRuns: 40 },
	);
});

test("a secret of a file that holds secrets is taken out wherever it stands without its name", async () => {
	await using machine = await Machine.make();
	const { make, sources } = await gathered(machine);
	const log: Source = {
		name: "log",
		from: "a test",
		keep: "end",
		read: () => Promise.resolve("iscsid: very secret indeed was refused\n"),
	};
	const { archive } = await make([...sources, log]);
	expect(gunzipSync(archive).toString("utf8")).not.toContain("very secret indeed");
});

test.each([
	"dev.sda: 8:0 multipath 3600140500000000000000000000000001\n",
	"0 1048576 multipath 2 queue_if_no_path retain_attached_hw_handler 0 1 1 service-time 0 2 2 8:0 1 1 8:16 1 1\n",
	"LVM-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKlMnOpQrStUvWxYz01 linear\n",
	"pv_uuid 0aBcDe-1fGh-2iJk-3lMn-4oPq-5rSt-6uVwXy\n",
	"/devices/pci0000:00/0000:00:1F.2/host0/target0:0:0/0:0:0:0/block/sda\n",
	"PATHKEEPER_ETCD_PASSWORD_FILE=/etc/pathkeeper/pki/etcd.password\n",
	"netroot=iscsi:192.0.2.9::3260:1:iqn.2026-11.com.example:root\n",
	"journalctl -u pathkeeper.service\n",
	"secret: none\n  deeper: kept\n".replace("secret: none", "public: |"),
	"iqn.1993-08.org.debian:01:4c1f5b2d7a10\n",
	"sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n",
])("what is no secret stays: %s", (text) => {
	expect(redact(text)).toEqual({ text, count: 0, values: [] });
});

/** Texts in which a rule that goes back over what it has read would do so again and again. */
const longTexts: Readonly<Record<string, (size: number) => string>> = {
	words: (size) => "password".repeat(size / 8),
	dashes: (size) => "-".repeat(size),
	"beginnings of keys": (size) => "-----BEGIN PRIVATE KEY-----".repeat(size / 27),
	backslashes: (size) => `"token": "${"\\".repeat(size)}`,
	"lists in lists": (size) => `"token": [${"[".repeat(size)}`,
	"names with dots": (size) => "a.".repeat(size / 2),
	addresses: (size) => "a@a!a".repeat(size / 5),
	places: (size) => "://a:".repeat(size / 5),
	"logins in places": (size) => "iscsi:a:".repeat(size / 8),
	blanks: (size) => `token ${" ".repeat(size)}x`,
	options: (size) => "-u a:".repeat(size / 5),
	"options without a value": (size) => "-u ".repeat(size / 3),
	"blocks, a line each": (size) => "secret: |\n".repeat(size / 10),
	"blocks in one line": (size) => "secret: | ".repeat(size / 10),
	"empty lines of a block": (size) => `secret: |\n${" \n".repeat(size / 2)}`,
	"lines that end in a word": (size) => "x=token\n".repeat(size / 8),
	"beginnings of tokens": (size) => "eyJ".repeat(size / 3),
};
test.each(Object.entries(longTexts))("redaction is linear in %s", (_, make) => {
	const prepare = (size: number) => {
		const text = make(size);
		return () => redact(text);
	};
	expect(growthProblem(prepare, 400_000)).toBeNull();
	const text = make(400_000);
	expect(redact(text).text.length).toBeLessThanOrEqual(text.length + mark.length * 200_000);
});

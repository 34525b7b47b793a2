import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Authority } from "../../../store/test/etcd/certificates.ts";
import { type EtcdProcess, gateway, startEtcd } from "../../../store/test/etcd/etcd-process.ts";
import { Machine, type MachineOptions } from "./machine.ts";

const folder = mkdtempSync(join(tmpdir(), "pk-doctor-etcd-"));
const running: EtcdProcess[] = [];
afterAll(async () => {
	await Promise.all(running.map((etcd) => etcd.dispose()));
	rmSync(folder, { recursive: true, force: true });
});

async function start(...flags: readonly string[]): Promise<EtcdProcess> {
	const etcd = await startEtcd(...flags);
	running.push(etcd);
	return etcd;
}

/** What is wrong with a node whose store is that etcd, but the age of the etcd that the test machine has: at most a note. */
async function troubles(settings: readonly string[], options: MachineOptions = {}) {
	await using machine = await Machine.make({ ...options, settings: ["PATHKEEPER_STORE=etcd", ...settings] });
	machine.unit("pathkeeper.service", { LoadState: "not-found", UnitFileState: "", ActiveState: "inactive" });
	machine.unit("pathkeeper-agent.service", {
		LoadState: "loaded",
		UnitFileState: "enabled",
		ActiveState: "active",
	});
	const { diagnoses } = await machine.examine({ now: Date.now() });
	const old = diagnoses.filter(({ code }) => code === "etcd-end-of-life");
	for (const { severity } of old) expect(severity).toBe("note");
	return diagnoses.filter((each) => each.severity !== "ok" && !old.includes(each));
}

const authority = new Authority(folder, "etcd-ca");
const other = new Authority(folder, "other-ca");
const server = authority.issue("server");
const client = authority.issue("n1");
let secure: EtcdProcess;
beforeAll(async () => {
	secure = await start(
		`--cert-file=${server.cert}`,
		`--key-file=${server.key}`,
		"--client-cert-auth",
		`--trusted-ca-file=${authority.ca}`,
	);
});

const tls = (ca: string) => [
	`PATHKEEPER_ETCD_CA=${ca}`,
	`PATHKEEPER_ETCD_CERT=${client.cert}`,
	`PATHKEEPER_ETCD_KEY=${client.key}`,
];

describe("the fleet's etcd", () => {
	test("is fine with certificates on both sides", async () => {
		const found = await troubles([`PATHKEEPER_ETCD=${secure.url}`, ...tls(authority.ca)]);
		// The test's certificates live two days.
		expect(found.map(({ code }) => code)).toEqual(["certificate-expires-soon", "certificate-expires-soon"]);
	});

	test("is signed by an authority that we do not trust", async () => {
		const found = await troubles([`PATHKEEPER_ETCD=${secure.url}`, ...tls(other.ca)]);
		expect(found[0]).toMatchObject({
			code: "etcd-certificate-untrusted",
			severity: "error",
			where: secure.url,
		});
		expect(found[0]?.fix[0]).toMatch(/^openssl s_client -connect 127\.0\.0\.1:\d+ /);
	});

	test("wants a certificate of ours, and we have none", async () => {
		const found = await troubles([`PATHKEEPER_ETCD=${secure.url}`, `PATHKEEPER_ETCD_CA=${authority.ca}`]);
		expect(found[0]).toMatchObject({ code: "etcd-refuses-our-certificate", severity: "error" });
	});

	test("is not reached", async () => {
		const etcd = await start();
		await etcd.killed();
		const found = await troubles([`PATHKEEPER_ETCD=${etcd.url}`]);
		expect(found[0]).toMatchObject({ code: "etcd-unreachable", severity: "error", where: etcd.url });
		expect(found[0]?.fix).toContain(`curl -sS --max-time 5 ${etcd.url}/version`);
		// What only it could tell is unknown.
		const unknown = found.filter(({ severity }) => severity === "unknown").map(({ code }) => code);
		expect(unknown).toEqual(["etcd-room", "etcd-version", "etcd-not-compacted"]);
	});

	test("takes everybody", async () => {
		const etcd = await start();
		const found = await troubles([`PATHKEEPER_ETCD=${etcd.url}`]);
		expect(found).toMatchObject([{ code: "etcd-without-login", severity: "warning" }]);
	});

	test("is fine where it knows us by user and password, and tells its history to nobody else", async () => {
		const etcd = await start();
		const base64 = (text: string) => Buffer.from(text).toString("base64");
		const perm = { permType: "READWRITE", key: base64("/pathkeeper/"), range_end: base64("/pathkeeper0") };
		await gateway(etcd, "auth/user/add", { name: "root", password: "root" });
		await gateway(etcd, "auth/user/grant", { user: "root", role: "root" });
		await gateway(etcd, "auth/role/add", { name: "ours" });
		await gateway(etcd, "auth/role/grant", { name: "ours", perm });
		await gateway(etcd, "auth/user/add", { name: "pathkeeper", password: "of ours" });
		await gateway(etcd, "auth/user/grant", { user: "pathkeeper", role: "ours" });
		await gateway(etcd, "auth/enable", {});
		const passwordFile = join(folder, "password");
		writeFileSync(passwordFile, "of ours\n", { mode: 0o600 });
		const found = await troubles([
			`PATHKEEPER_ETCD=${etcd.url}`,
			"PATHKEEPER_ETCD_USER=pathkeeper",
			`PATHKEEPER_ETCD_PASSWORD_FILE=${passwordFile}`,
		]);
		expect(found).toEqual([]);
	});

	test("has one member of two that is down", async () => {
		const etcd = await start();
		const down = await start();
		await down.killed();
		const found = await troubles([`PATHKEEPER_ETCD="${etcd.url} ${down.url}"`]);
		expect(found.map(({ code, severity }) => [code, severity])).toEqual([
			["etcd-unreachable", "warning"],
			["etcd-without-login", "warning"],
		]);
	});

	test("is full, and the remedies stand in the order that helps", async () => {
		const etcd = await start(`--quota-backend-bytes=${16 * 1024 ** 2}`);
		const value = Buffer.alloc(1024 ** 2, "x").toString("base64");
		for (let n = 0; n < 40; n++) {
			const put = gateway(etcd, "kv/put", { key: Buffer.from(`/other/${n}`).toString("base64"), value });
			if (
				!(await put.then(
					() => true,
					() => false,
				))
			)
				break;
		}
		const found = await troubles([`PATHKEEPER_ETCD=${etcd.url}`, "PATHKEEPER_STORE_QUOTA=16M"]);
		expect(found[0]).toMatchObject({ code: "etcd-nospace", severity: "error" });
		const words = found[0]?.fix.map((step) => step.split(" ").slice(2, 4).join(" "));
		expect(words?.map((step) => step.split(" ")[0])).toEqual(["compaction", "defrag", "alarm"]);
	});

	test("is nearly full", async () => {
		const etcd = await start();
		const value = Buffer.alloc(1024 ** 2, "x").toString("base64");
		for (let n = 0; n < 14; n++)
			await gateway(etcd, "kv/put", { key: Buffer.from(`/other/${n}`).toString("base64"), value });
		const found = await troubles([`PATHKEEPER_ETCD=${etcd.url}`, "PATHKEEPER_STORE_QUOTA=16M"]);
		expect(found[0]).toMatchObject({ code: "etcd-nearly-full", severity: "warning" });
	});
});

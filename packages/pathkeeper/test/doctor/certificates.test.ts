import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Machine, now } from "./machine.ts";

const dayMs = 86_400_000;

/** A certificate of its own making with its key, in the machine's folder of keys. */
function certificate(machine: Machine, name: string, days: { readonly from: number; readonly to: number }) {
	const folder = join(machine.root, "etc/pathkeeper/pki");
	mkdirSync(folder, { recursive: true });
	const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
	const stamp = (day: number) => new Date(now + day * dayMs).toISOString().replaceAll(/[-:T]|\.\d+/g, "");
	const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key];
	const request = join(folder, `${name}.csr`);
	execFileSync("openssl", ["req", ...made, "-subj", `/CN=${name}`, "-out", request], { stdio: "pipe" });
	// `x509 -not_before` came with OpenSSL 3.4; `ca` takes dates in all of them.
	const config = join(folder, `${name}.cnf`);
	const lines = [
		"[ca]",
		"default_ca=d",
		"[d]",
		`database=${folder}/${name}.index`,
		`new_certs_dir=${folder}`,
	];
	const rest = ["policy=p", "default_md=sha256", "rand_serial=yes", "[p]", "commonName=supplied", ""];
	writeFileSync(config, [...lines, ...rest].join("\n"));
	writeFileSync(join(folder, `${name}.index`), "");
	const dates = ["-startdate", stamp(days.from), "-enddate", stamp(days.to)];
	execFileSync(
		"openssl",
		[
			"ca",
			"-batch",
			"-config",
			config,
			"-selfsign",
			"-keyfile",
			key,
			"-in",
			request,
			"-out",
			cert,
			"-notext",
			...dates,
		],
		{ stdio: "pipe" },
	);
	chmodSync(key, 0o640);
	machine.write(
		"/etc/pathkeeper/pathkeeper.conf",
		`PATHKEEPER_STATE=${machine.root}/var/lib/pathkeeper\nPATHKEEPER_TLS_CERT=${cert}\nPATHKEEPER_TLS_KEY=${key}\n`,
	);
	return { cert, key };
}

async function troubles(machine: Machine) {
	const { diagnoses } = await machine.examine();
	return diagnoses.filter(({ severity }) => severity !== "ok");
}

const valid = { from: -10, to: 300 };

describe("the server's certificate", () => {
	test("is fine with its key, for long, and kept from others", async () => {
		await using machine = await Machine.make();
		certificate(machine, "n1", valid);
		expect(await troubles(machine)).toEqual([]);
	});

	test.each([
		["certificate-expired", { from: -100, to: -1 }, "error"],
		["certificate-expires-soon", { from: -100, to: 12 }, "warning"],
		["certificate-not-yet-valid", { from: 2, to: 300 }, "error"],
	] as const)("is %s", async (code, days, severity) => {
		await using machine = await Machine.make();
		const { cert } = certificate(machine, "n1", days);
		expect(await troubles(machine)).toMatchObject([{ code, severity, where: cert }]);
	});

	test("has a key that everybody may read", async () => {
		await using machine = await Machine.make();
		const { key } = certificate(machine, "n1", valid);
		chmodSync(key, 0o644);
		expect(await troubles(machine)).toMatchObject([
			{
				code: "key-readable",
				where: key,
				fix: [`chown root:pathkeeper ${key}`, `chmod 0640 ${key}`, expect.anything()],
			},
		]);
	});

	test("has the key of another one", async () => {
		await using machine = await Machine.make();
		const { key } = certificate(machine, "n2", valid);
		const { cert } = certificate(machine, "n1", valid);
		machine.write(
			"/etc/pathkeeper/pathkeeper.conf",
			`PATHKEEPER_STATE=${machine.root}/var/lib/pathkeeper\nPATHKEEPER_TLS_CERT=${cert}\nPATHKEEPER_TLS_KEY=${key}\n`,
		);
		expect(await troubles(machine)).toMatchObject([{ code: "key-mismatch", where: key }]);
	});

	test("that a server of a fleet made belongs to the server's user, and that is fine", async ({ skip }) => {
		if (process.geteuid?.() !== 0) skip("only root can give files away");
		await using machine = await Machine.make();
		const { cert, key } = certificate(machine, "n1", valid);
		const state = join(machine.root, "var/lib/pathkeeper");
		mkdirSync(join(state, "tls"), { mode: 0o700 });
		renameSync(cert, join(state, "tls/server.crt"));
		renameSync(key, join(state, "tls/server.key"));
		for (const path of ["", "tls", "tls/server.crt", "tls/server.key"])
			chownSync(join(state, path), 1234, 1234);
		const settings = ["PATHKEEPER_ETCD=http://127.0.0.1:1", `PATHKEEPER_STATE=${state}`, ""];
		machine.write("/etc/pathkeeper/pathkeeper.conf", settings.join("\n"));
		machine.unit("pathkeeper.service", { UnitFileState: "disabled", ActiveState: "inactive" });
		machine.unit("pathkeeper-server.service", {
			LoadState: "loaded",
			UnitFileState: "enabled",
			ActiveState: "active",
		});
		const { diagnoses, facts } = await machine.examine();
		expect(facts.certificates).toMatchObject({ known: true, value: [{ problem: null, keyProblem: null }] });
		const codes = diagnoses.filter(({ severity }) => severity !== "ok").map(({ code }) => code);
		expect(codes.filter((code) => /^(certificate|key|state|multipath)/.test(code))).toEqual([]);
	});

	test("is not there, or no certificate", async () => {
		await using machine = await Machine.make();
		const { cert } = certificate(machine, "n1", valid);
		machine.write(cert.slice(machine.root.length), "this is none\n");
		expect(await troubles(machine)).toMatchObject([{ code: "certificate-unusable", where: cert }]);
		machine.remove(cert.slice(machine.root.length));
		expect(await troubles(machine)).toMatchObject([{ code: "certificate-unusable", where: cert }]);
	});

	test("can be changed by everybody", async () => {
		await using machine = await Machine.make();
		const { cert } = certificate(machine, "n1", valid);
		chmodSync(cert, 0o666);
		const found = await troubles(machine);
		expect(found.map(({ code }) => code)).toContain("certificate-changeable");
	});
});

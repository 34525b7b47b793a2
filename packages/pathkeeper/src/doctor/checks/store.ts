import { type Check, type Diagnosis, error, note, warning } from "../diagnosis.ts";
import type { EtcdFacts, EtcdMember } from "../facts/etcd-cluster.ts";
import { known } from "../facts/fact.ts";
import type { Facts } from "../facts/facts.ts";

/** From here on an administrator should act; the server refuses changes from nine tenths on. */
const nearlyFull = 0.8;
/** More revisions than a fleet writes between two compactions. */
const manyRevisions = 200_000;

const reachable: Check<Facts> = {
	name: "etcd-unreachable",
	fine: "every member of etcd answers",
	judge: (facts) => {
		const etcd = etcdOf(facts);
		if (etcd === null) return null;
		const { members } = etcd;
		const failed = members.filter(({ version }) => !version.known);
		const all = failed.length === members.length;
		const found = failed.map((member) => unreachable(member, all));
		// All members answer, and our own driver is refused: user, password, prefix or certificate.
		if (failed.length === 0 && !etcd.space.known)
			found.push(
				error({
					code: "etcd-denied",
					what: `etcd answers, but not as the store of the fleet: ${etcd.space.why}`,
					where: members[0]?.url ?? null,
					fix: [
						"# compare PATHKEEPER_ETCD_USER, PATHKEEPER_ETCD_PASSWORD_FILE, PATHKEEPER_ETCD_CERT and PATHKEEPER_ETCD_PREFIX with etcd's users and roles:",
						"etcdctl user list; etcdctl role list",
					],
					why: "agents apply nothing new and servers cannot answer.",
				}),
			);
		return found;
	},
};

const certificateFailures: Readonly<Record<string, string>> = {
	CERT_HAS_EXPIRED: "its certificate has expired",
	CERT_NOT_YET_VALID: "its certificate is not valid yet; compare the clocks",
	DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by itself",
	ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
	SELF_SIGNED_CERT_IN_CHAIN:
		"its certificate is signed by an authority that is not the one named with --etcd-ca",
	UNABLE_TO_GET_ISSUER_CERT:
		"its certificate is signed by an authority that is not the one named with --etcd-ca",
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
		"its certificate is signed by an authority that is not the one named with --etcd-ca",
	UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		"its certificate is signed by an authority that is not the one named with --etcd-ca",
	CERT_SIGNATURE_FAILURE: "its certificate is signed by another authority of the same name",
};

function unreachable({ url, version, failure }: EtcdMember, all: boolean): Diagnosis {
	const why = version.known ? "" : version.why;
	const said = all ? error : warning;
	const effect = all
		? "agents apply nothing new, and servers cannot answer. Maps keep working."
		: "the others serve in the meantime; if one more member is lost, etcd may accept no writes.";
	const certificate = certificateFailures[failure ?? ""];
	if (certificate !== undefined)
		return said({
			code: "etcd-certificate-untrusted",
			what: `etcd at ${url} is not trusted: ${certificate}`,
			where: url,
			fix: [
				`openssl s_client -connect ${new URL(url).host} -showcerts </dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName`,
				"# then give etcd a certificate for this address, or name its authority: PATHKEEPER_ETCD_CA=FILE",
			],
			why: effect,
		});
	const wantsOurs = /CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA/.test(failure ?? "");
	if (wantsOurs)
		return said({
			code: "etcd-refuses-our-certificate",
			what: `etcd at ${url} does not accept our certificate, or requires one: ${why}`,
			where: url,
			fix: [
				"# name a certificate that etcd's authority signed: PATHKEEPER_ETCD_CERT=FILE and PATHKEEPER_ETCD_KEY=FILE",
			],
			why: effect,
		});
	const isPlain = /EPROTO|WRONG_VERSION_NUMBER/.test(failure ?? "") || why.includes("wrong version number");
	return said({
		code: "etcd-unreachable",
		what: `etcd at ${url} does not answer: ${why}`,
		where: url,
		fix: isPlain
			? [`# etcd speaks plain http there: give it certificates, or correct the address in PATHKEEPER_ETCD`]
			: [
					`# on the host of ${url}:`,
					"systemctl status 'etcd*' --no-pager",
					"# from here (a firewall may be in between):",
					`curl -sS --max-time 5 ${url}/version`,
				],
		why: effect,
	});
}

const versions: Check<Facts> = {
	name: "etcd-version",
	fine: "etcd is of one release, which is maintained",
	judge: (facts) => {
		const etcd = etcdOf(facts);
		if (etcd === null) return null;
		const told = etcd.members.flatMap(({ url, version }) =>
			version.known ? [{ url, version: version.value }] : [],
		);
		if (told.length === 0) throw new Error("no member of etcd reports its version");
		const distinct = [...new Set(told.map(({ version }) => version))];
		const found: Diagnosis[] = [];
		if (distinct.length > 1)
			// A fleet on two releases of Debian has two of etcd, and works.
			found.push(
				note({
					code: "etcd-versions-mixed",
					what: `the members of etcd are of several releases: ${told.map(({ url, version }) => `${new URL(url).host} ${version}`).join(", ")}`,
					where: null,
					fix: [
						"# when their hosts are upgraded, one at a time, after a snapshot: etcdctl snapshot save FILE",
					],
					why: "the cluster has the features of its oldest member.",
				}),
			);
		const old = distinct.filter((version) => isEndOfLife(version));
		if (old.length > 0)
			found.push(
				note({
					code: "etcd-end-of-life",
					what: `etcd ${old.join(", ")} is no longer maintained upstream`,
					where: null,
					fix: [
						"# Debian 13 has 3.5: upgrade one member at a time, after a snapshot (etcdctl snapshot save FILE)",
					],
					why: "its security holes stay open: any client that is let in may renew the leases of others and compact. Debian 12 has 3.4 and maintains it itself.",
				}),
			);
		return found;
	},
};

/** Upstream ended 3.4 in June 2026. */
function isEndOfLife(version: string): boolean {
	const [major = 0, minor = 0] = version.split(".").map(Number);
	return major < 3 || (major === 3 && minor < 5);
}

const room: Check<Facts> = {
	name: "etcd-room",
	fine: "etcd has room",
	judge: (facts) => {
		const etcd = etcdOf(facts);
		if (etcd === null) return null;
		const { refusing, size, quota, remedies } = known(etcd.space);
		const share = `${Math.round((100 * size) / quota)} % of ${Math.round(quota / 1024 ** 2)} MiB`;
		const fix = [...remedies];
		if (refusing !== null)
			return [
				error({
					code: "etcd-nospace",
					what: `etcd accepts no writes: ${refusing} (${share})`,
					where: etcd.members[0]?.url ?? null,
					fix,
					why: "nothing can be changed, and reports of nodes get old. In this order: a defragmentation before the compaction frees nothing, and an alarm that is disarmed first comes back.",
				}),
			];
		if (size < nearlyFull * quota) return [];
		return [
			warning({
				code: "etcd-nearly-full",
				what: `etcd is nearly full: ${share}`,
				where: etcd.members[0]?.url ?? null,
				fix,
				why: "when the quota is reached, etcd accepts no more writes; from nine tenths on the server refuses changes. A defragmentation blocks its member for about a second per 100 MB: one at a time.",
			}),
		];
	},
};

const compaction: Check<Facts> = {
	name: "etcd-not-compacted",
	fine: "etcd's history is compacted",
	judge: (facts) => {
		const etcd = etcdOf(facts);
		if (etcd === null) return null;
		const history = known(etcd.history);
		if (history === null) return null;
		const { revision, compacted } = history;
		if (compacted || revision < manyRevisions) return [];
		return [
			warning({
				code: "etcd-not-compacted",
				what: `etcd keeps all of its ${revision} revisions`,
				where: etcd.members[0]?.url ?? null,
				fix: [
					"# on each member, in its environment file, then restart one after another:",
					"# ETCD_AUTO_COMPACTION_MODE=periodic and ETCD_AUTO_COMPACTION_RETENTION=1h",
				],
				why: "its file grows until the quota is reached. Pathkeeper's server compacts as well, so perhaps none has run for long.",
			}),
		];
	},
};

const encryption: Check<Facts> = {
	name: "etcd-in-the-clear",
	fine: "the connection to etcd is encrypted and authenticated",
	judge: (facts) => {
		const etcd = etcdOf(facts);
		if (etcd === null) return null;
		if (etcd.inTheClear !== null)
			return [
				warning({
					code: "etcd-in-the-clear",
					what: `etcd at ${etcd.inTheClear} is reached without encryption`,
					where: etcd.inTheClear,
					fix: [
						"# give etcd certificates, then use https:// in PATHKEEPER_ETCD and take PATHKEEPER_ETCD_INSECURE out",
					],
					why: "anyone on the network path can read passwords and change what root does on every host.",
				}),
			];
		if (etcd.weAuthenticate) return [];
		return [
			warning({
				code: "etcd-without-login",
				what: "etcd accepts anyone who reaches it: neither a client certificate nor a user is set",
				where: etcd.members[0]?.url ?? null,
				fix: [
					"# on each member: ETCD_CLIENT_CERT_AUTH=true and ETCD_TRUSTED_CA_FILE=FILE; here: PATHKEEPER_ETCD_CERT=FILE and PATHKEEPER_ETCD_KEY=FILE",
				],
				why: "every user of a host that reaches it may change what root does on every host.",
			}),
		];
	},
};

/** Null: the store is not in etcd. */
function etcdOf(facts: Facts): EtcdFacts | null {
	return known(facts.etcd);
}

export const storeChecks: readonly Check<Facts>[] = [reachable, room, encryption, versions, compaction];

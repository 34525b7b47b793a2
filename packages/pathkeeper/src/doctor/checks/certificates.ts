import { type Check, type Diagnosis, error, type Judgement, unknownOf, warning } from "../diagnosis.ts";
import type { CertificateFacts } from "../facts/certificates.ts";
import { type Fact, known, NotKnown } from "../facts/fact.ts";
import type { Facts } from "../facts/facts.ts";
import { quoted } from "./fixes.ts";

const dayMs = 86_400_000;
const soonDays = 30;

const validity = { name: "certificate-expired", fine: "certificates are valid" };

const dates: Check<Facts> = {
	...validity,
	judge: (facts) =>
		each(facts, validity, (certificate) => {
			const { use, path, content } = certificate;
			if (!content.known) return unreadable(certificate, content);
			const { validUntil, validFrom } = content.value;
			const fix = renewal(certificate);
			const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
			if (validUntil <= facts.now)
				return [
					error({
						code: "certificate-expired",
						what: `${use} expired on ${day(validUntil)}`,
						where: path,
						fix,
						why: "clients that verify it refuse the connection.",
					}),
				];
			if (validFrom > facts.now)
				return [
					error({
						code: "certificate-not-yet-valid",
						what: `${use} is valid only from ${day(validFrom)} on`,
						where: path,
						fix: ["timedatectl", "# if the clock is right, wait or issue it anew"],
						why: "clients that verify it refuse the connection; usually a clock is wrong.",
					}),
				];
			const days = Math.floor((validUntil - facts.now) / dayMs);
			if (days > soonDays) return [];
			return [
				warning({
					code: "certificate-expires-soon",
					what: `${use} expires in ${days} days, on ${day(validUntil)}`,
					where: path,
					fix,
					why: "after that, clients that verify it refuse the connection.",
				}),
			];
		}),
};

function unreadable({ use, path }: CertificateFacts, content: Fact<unknown>): readonly Diagnosis[] {
	const why = content.known ? "" : content.why;
	// What only root may read is unknown, and no fault.
	if (why.includes("only root may")) throw new NotKnown(why);
	return [
		error({
			code: "certificate-unusable",
			what: `${use} cannot be used: ${why}`,
			where: path,
			fix: [
				`openssl x509 -noout -subject -dates -in ${quoted(path)}`,
				"# then put a PEM file with the certificate there",
			],
			why: "the daemon does not start, or reaches no store.",
		}),
	];
}

function renewal({ use, path }: CertificateFacts): readonly string[] {
	if (/\/tls\/server\.crt$/.test(path))
		return [
			`mv ${quoted(path.replace(/\/server\.crt$/, ""))} ${quoted(path.replace(/\/server\.crt$/, ".old"))}`,
			"systemctl restart pathkeeper.service",
			"# it creates a new one; clients that trusted the old one must trust the new fingerprint",
		];
	if (use.startsWith("the authority"))
		return [
			`# put the new authority beside the old one, in the same file: ${path}`,
			"# the same on each member of etcd (ETCD_TRUSTED_CA_FILE), and restart them one after another: etcd reads it only then",
			"# then issue all certificates anew, and take the old authority out",
		];
	return use.includes("etcd")
		? [
				`# issue it anew with etcd's authority, in place: ${path}`,
				"# it is read again at the next connection; no restart is needed",
			]
		: [
				`# issue it anew, in place: ${path}`,
				"systemctl try-restart pathkeeper.service pathkeeper-server.service",
			];
}

const keeping = { name: "certificate-key", fine: "keys of certificates match, and are private" };

const keys: Check<Facts> = {
	...keeping,
	judge: (facts) =>
		each(facts, keeping, ({ use, path, keyPath, problem, keyProblem, keyFits, content }) => {
			const found: Diagnosis[] = [];
			if (problem !== null)
				found.push(
					error({
						code: "certificate-changeable",
						what: `${use} can be changed by others than root: ${problem}`,
						where: path,
						fix: [`chown root ${quoted(path)}`, `chmod go-w ${quoted(path)}`, `namei -l ${quoted(path)}`],
						why: "the daemon refuses such a file; anyone who can change it decides whom Pathkeeper trusts.",
					}),
				);
			if (keyPath === null) return found;
			if (keyProblem !== null)
				found.push(
					error({
						code: "key-readable",
						what: `the key of ${use}: ${keyProblem}`,
						where: keyPath,
						fix: [
							`chown root:pathkeeper ${quoted(keyPath)}`,
							`chmod 0640 ${quoted(keyPath)}`,
							`namei -l ${quoted(keyPath)}`,
						],
						why: "the daemon refuses such a key; anyone who has it can impersonate this machine. If others could read it, issue a new one.",
					}),
				);
			if (!content.known) return found;
			if (!keyFits.known) {
				if (keyFits.why.includes("only root may")) throw new NotKnown(keyFits.why);
				found.push(
					error({
						code: "key-unusable",
						what: `the key of ${use} cannot be used: ${keyFits.why}`,
						where: keyPath,
						fix: [`openssl pkey -noout -in ${quoted(keyPath)}`, "# a key with a passphrase is not supported"],
						why: "the daemon does not start, or reaches no store.",
					}),
				);
			} else if (!keyFits.value)
				found.push(
					error({
						code: "key-mismatch",
						what: `${keyPath} is not the key of ${use}`,
						where: keyPath,
						fix: [
							`openssl x509 -noout -pubkey -in ${quoted(path)} | sha256sum`,
							`openssl pkey -pubout -in ${quoted(keyPath)} | sha256sum`,
							"# put the pair that belongs together in place",
						],
						why: "the daemon does not start, or reaches no store.",
					}),
				);
			return found;
		}),
};

/** One that may not be looked at hides none of the others. */
function each(
	facts: Facts,
	{ name, fine }: Pick<Check<Facts>, "name" | "fine">,
	judge: (certificate: CertificateFacts) => readonly Diagnosis[],
): Judgement {
	const certificates = known(facts.certificates);
	if (certificates.length === 0) return null;
	return certificates.flatMap((certificate) => {
		try {
			return judge(certificate);
		} catch (failure) {
			if (!(failure instanceof NotKnown)) throw failure;
			return [unknownOf(name, fine, failure.message)];
		}
	});
}

export const certificateChecks: readonly Check<Facts>[] = [dates, keys];

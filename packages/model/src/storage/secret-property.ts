/**
 * There is no place for the secrets of storages: `storage.cfg` is read by every node, and shown to everybody who may see
 * the storage. What to do instead.
 */
export const secretsElsewhere =
	"keep it on the nodes, in a file that only root can read, and set a property to the path of that file";

const words: ReadonlySet<string> = new Set([
	"credential",
	"credentials",
	"keyring",
	"pass",
	"passphrase",
	"passwd",
	"password",
	"pw",
	"secret",
	"token",
]);

/** Whether a property is a secret by its name, such as `password`, `chap-secret`, `apiKey`; `password-file` names a file. */
export function isSecretByName(name: string): boolean {
	const parts = name
		.replace(/([a-z0-9])([A-Z])/g, "$1-$2")
		.toLowerCase()
		.split(/[-_.]/);
	if (/^(?:file|path|folder|dir)$/.test(parts.at(-1) ?? "")) return false;
	return (
		parts.some((part) => words.has(part)) ||
		/password|passwd|passphrase|secret/.test(parts.join("")) ||
		/(?:api|private|access|encryption|master)key$/.test(parts.join(""))
	);
}

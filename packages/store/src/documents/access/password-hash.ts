import { argon2 } from "node:crypto";
import type { Randomness } from "@pathkeeper/model";
import { isSameSecret } from "./same-secret.ts";

/** Argon2id as OWASP's Password Storage Cheat Sheet asks at least: 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const saltBytes = 16;
const tagBytes = 32;

/** PHC string format, with this cost only: a stored text must not choose how much memory we take. */
export const passwordHashPattern =
	"^\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}$";

/** Takes as long to compare with as a real one, and no password fits it: the tag is all zeros. */
const nobodysHash = format(new Uint8Array(saltBytes), new Uint8Array(tagBytes));

/** The tag of a message at the cost above; by default, a thread of Node works it out. */
export type Argon2id = (message: string, nonce: Uint8Array) => Promise<Uint8Array>;

/** The hash to keep of a password, about 30 ms and 19 MiB of work. Equal texts in any Unicode form give equal passwords. */
export async function hashPassword(
	password: string,
	random: Pick<Randomness, "bytes">,
	argon2id: Argon2id = threadedArgon2id,
): Promise<string> {
	const salt = random.bytes(saltBytes);
	return format(salt, await argon2id(password.normalize("NFC"), salt));
}

/** Whether a password fits a hash. Without one (null) it does the same work, then says no. */
export async function isPassword(
	password: string,
	hash: string | null,
	argon2id: Argon2id = threadedArgon2id,
): Promise<boolean> {
	const [, , , , salt = ""] = (hash ?? nobodysHash).split("$");
	const bytes = Buffer.from(salt, "base64");
	const fits = isSameSecret(
		format(bytes, await argon2id(password.normalize("NFC"), bytes)),
		hash ?? nobodysHash,
	);
	return fits && hash !== null;
}

const threadedArgon2id: Argon2id = (message, nonce) =>
	new Promise((resolve, reject) => {
		argon2("argon2id", { message, nonce, tagLength: tagBytes, ...cost }, (error, tag) =>
			error === null ? resolve(tag) : reject(error),
		);
	});

function format(salt: Uint8Array, tag: Uint8Array): string {
	const { memory, passes, parallelism } = cost;
	return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

/** Without padding, as the PHC format has it. */
function base64(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("base64").replace(/=+$/, "");
}

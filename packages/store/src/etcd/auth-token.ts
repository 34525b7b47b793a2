import { messageOf } from "@pathkeeper/model";
import type { Services } from "./endpoint.ts";

export interface Credentials {
	readonly username: string;
	readonly password: string;
}

/**
 * The token that etcd gives for user and password. It ends after some minutes without use, with a restart of the
 * member and with each change of users or roles, so it is got anew whenever it is refused.
 */
export class AuthToken {
	readonly #credentials: Credentials | null;
	readonly #timeoutMs: number;
	#token: string | null = null;
	#asking: Promise<string> | null = null;

	constructor(credentials: Credentials | null, timeoutMs: number) {
		this.#credentials = credentials;
		this.#timeoutMs = timeoutMs;
	}

	/** The token to send; null without credentials, or when etcd asks for none. Throws what `authenticate` throws. */
	async current(services: Services): Promise<string | null> {
		if (this.#credentials === null) return null;
		if (this.#token === null) {
			this.#asking ??= this.#ask(services, this.#credentials);
			this.#token = await this.#asking;
		}
		return this.#token === "" ? null : this.#token;
	}

	/** Forgets a token that was refused, if it is still the one to send. False: there is no better one to be had. */
	refused(token: string | null): boolean {
		if (this.#credentials === null) return false;
		if (this.#token === (token ?? "")) this.#token = null;
		return true;
	}

	async #ask(services: Services, { username, password }: Credentials): Promise<string> {
		try {
			const request = { name: username, password };
			return (await services.auth.authenticate(request, { timeoutMs: this.#timeoutMs })).token;
		} catch (error) {
			if (messageOf(error).includes("authentication is not enabled")) return "";
			throw error;
		} finally {
			this.#asking = null;
		}
	}
}

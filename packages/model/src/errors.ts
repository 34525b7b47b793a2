import { errorTable, type FaultClass } from "./error-table.ts";
import { fill, hasPlaces, type PlaceIn, type Values } from "./message-template.ts";

/** Values of an error's message, by the names in its template. */
export type { Values as ErrorValues } from "./message-template.ts";

export type ErrorCode = keyof typeof errorTable;

export interface ErrorOptions {
	/** Per-field messages, as Proxmox VE's `errors` map. */
	readonly fields?: Readonly<Record<string, string>>;
	/** After how many seconds the same call may be made again; absent: nobody knows. */
	readonly retryAfterS?: number;
	/** What a server answered, for an error that came as an answer of the API. */
	readonly remote?: RemoteFailure;
	readonly cause?: unknown;
}

/** The server's own error behind an answer of the API. */
export interface RemoteFailure {
	/** HTTP status. */
	readonly status: number;
	/** Code of the server's table, which may be of another version; null: the answer has none. */
	readonly code: string | null;
	readonly values: Values;
}

type PlaceOf<Code extends ErrorCode> = PlaceIn<(typeof errorTable)[Code][1]>;

/** One value for each place of the message, and none that only another message has, also from a variable. */
type ValuesOf<Code extends ErrorCode> = { readonly [Name in PlaceOf<Code>]: string | number } & {
	readonly [Name in Exclude<PlaceOf<ErrorCode>, PlaceOf<Code>>]?: never;
};

/** What follows the code: the values of its message where that has places for them, then the options. */
type Rest<Code extends ErrorCode> = [PlaceOf<Code>] extends [never]
	? [options?: ErrorOptions]
	: [values: ValuesOf<Code>, options?: ErrorOptions];

type OwnArguments = { [Code in ErrorCode]: [code: Code, ...rest: Rest<Code>] }[ErrorCode];
type ReceivedArguments = [received: ReceivedError, options?: ErrorOptions];

/**
 * An error of another process: its code, its message and its values as JSON data. Its version may be another one, so
 * that message and values are not compared with the table here.
 */
export class ReceivedError {
	readonly #code: ErrorCode;
	readonly #message: string;
	readonly #values: Values;

	constructor(code: ErrorCode, message: string, values: Values) {
		this.#code = code;
		this.#message = message;
		this.#values = values;
	}

	get code(): ErrorCode {
		return this.#code;
	}

	get message(): string {
		return this.#message;
	}

	get values(): Values {
		return this.#values;
	}
}

/** The one error type that crosses package borders. */
export class PathkeeperError extends Error {
	override readonly name = "PathkeeperError";
	readonly code: ErrorCode;
	readonly fault: FaultClass;
	/** What stands in the places of the message; as JSON data. */
	readonly values: Values;
	readonly fields: Readonly<Record<string, string>>;
	/** After how many seconds the same call may be made again; null: nobody knows. */
	readonly retryAfterS: number | null;
	/** What a server answered; null: the error is not one that a server answered. */
	readonly remote: RemoteFailure | null;
	/** Whether another process said so: a node, or a server. */
	readonly isReceived: boolean;

	/** `new PathkeeperError("LUN_IN_USE", { wwid, users }, { cause })`; without the values where the message has none. */
	constructor(...args: OwnArguments | ReceivedArguments) {
		const received = isReceived(args);
		const { code, message, values, options } = received ? receivedParts(args) : ownParts(args);
		super(message, { cause: options.cause });
		this.code = code;
		this.fault = errorTable[code][0];
		this.values = values;
		this.fields = options.fields ?? {};
		this.retryAfterS = options.retryAfterS ?? null;
		this.remote = options.remote ?? null;
		this.isReceived = received;
	}
}

interface Parts {
	readonly code: ErrorCode;
	readonly message: string;
	readonly values: Values;
	readonly options: ErrorOptions;
}

function isReceived(args: OwnArguments | ReceivedArguments): args is ReceivedArguments {
	return args[0] instanceof ReceivedError;
}

function receivedParts([{ code, message, values }, options = {}]: ReceivedArguments): Parts {
	return { code, message, values, options };
}

function ownParts([code, ...rest]: OwnArguments): Parts {
	const [, template] = errorTable[code];
	const [first, second]: readonly [first?: Values | ErrorOptions, second?: ErrorOptions] = rest;
	return isValues(template, first)
		? { code, message: fill(template, first), values: first, options: second ?? {} }
		: { code, message: template, values: {}, options: first ?? {} };
}

/** The types of the arguments say the same: values come first where the message has places for them. */
function isValues(template: string, first: Values | ErrorOptions | undefined): first is Values {
	return first !== undefined && hasPlaces(template);
}

/** Whether a text is a code of the table. */
export function isErrorCode(text: string): text is ErrorCode {
	return Object.hasOwn(errorTable, text);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

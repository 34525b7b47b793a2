import { type Static, type TObject, type TSchema, Type } from "typebox";
import { Check, Errors } from "typebox/value";
import { PathkeeperError } from "../errors.ts";

/**
 * What a task may do. `question`: it changes nothing, and goes with its answer. `change`: it may change the host, so
 * it is recorded in the transaction that leaves it, and listed among the work of its node.
 */
export type TaskKind = "question" | "change";

/** What an argument consists of: names, numbers and flags, one level deep. A task carries names, never data. */
export type TaskArgument = Readonly<Record<string, string | number | boolean | null>>;

/** The field of an argument that names what a task is about, for people and for rights. */
export type TaskSubject = "wwid" | "storage" | "volume";

/**
 * One kind of work that a server asks a node for. Server and agent read the same entry: the server leaves an argument
 * of this form, and the agent's handler takes it and gives this result.
 */
export interface TaskType<
	Word extends string = string,
	Kind extends TaskKind = TaskKind,
	Argument extends TObject = TObject,
	Result extends TSchema = TSchema,
> {
	/** The word in the UPID; Proxmox VE's own where it has one. */
	readonly type: Word;
	readonly kind: Kind;
	/** Null: the task is about the node as a whole. */
	readonly subject: TaskSubject | null;
	/** One sentence for the documentation. */
	readonly summary: string;
	readonly argument: Argument;
	/** JSON data; `Type.Null()` when only the end of the task counts. */
	readonly result: Result;
}

export type ArgumentOf<T extends TaskType> = Static<T["argument"]>;
export type TaskResultOf<T extends TaskType> = Static<T["result"]>;

/** Types a task from its schemas. Does not compile when the argument is more than names, numbers and flags. */
export function defineTask<
	const Word extends string,
	const Kind extends TaskKind,
	const Argument extends TObject,
	const Result extends TSchema,
>(
	task: TaskType<Word, Kind, Argument, Result> & Flat<Static<Argument>>,
): TaskType<Word, Kind, Argument, Result> {
	return task;
}

/** Form of every stored argument, of tasks of other versions too. */
export const argumentSchema = Type.Record(
	Type.String(),
	Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
);

/** An argument as it is stored. Throws BUG for one that `defineTask` would not take. */
export function storedArgument<T extends TaskType>(task: T, argument: ArgumentOf<T>): TaskArgument {
	if (hasForm(argumentSchema, argument)) return argument;
	throw new PathkeeperError("BUG", { problem: `the argument of ${task.type} is not flat` });
}

/** What a task is about, from its argument; empty when it is about the node as a whole. */
export function subjectOf({ subject }: TaskType, argument: TaskArgument): string {
	return subject === null ? "" : String(argument[subject] ?? "");
}

type Flat<Argument> = keyof Argument extends never
	? unknown
	: Argument extends TaskArgument
		? unknown
		: never;

/**
 * The argument of a task as its handler takes it. Throws TASK_ARGUMENT_INVALID for what has another form: what another
 * version asks for is refused, never guessed.
 */
export function checkedArgument<T extends TaskType>(task: T, argument: unknown): ArgumentOf<T> {
	const schema: T["argument"] = task.argument;
	if (hasForm(schema, argument)) return argument;
	const [first] = Errors(schema, argument);
	const problem =
		first === undefined ? "it has another form" : `${first.instancePath || "it"} ${first.message}`;
	throw new PathkeeperError("TASK_ARGUMENT_INVALID", { type: task.type, problem });
}

function hasForm<S extends TSchema>(schema: S, value: unknown): value is Static<S> {
	return Check(schema, value);
}

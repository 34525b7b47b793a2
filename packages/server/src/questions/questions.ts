import type { ArgumentOf, Runtime, TaskName, TaskResultOf, Tasks, TaskType } from "@pathkeeper/model";

import type { Caller } from "../http/caller.ts";
import { partyOf } from "../http/party.ts";
import { QuestionLine } from "./question-line.ts";

/** An answer is given to others for so long after it came, in milliseconds. */
const goodForMs = 1000;
/** Ended tasks that were seen; the oldest is forgotten. */
const mostSeen = 2000;

/** What a node is asked, and by whom. */
export interface Question<T extends TaskType> {
	readonly node: string;
	readonly argument: ArgumentOf<T>;
	readonly caller: Caller;
}

interface Shared<R> {
	readonly answer: Promise<R>;
	/** How many changes were known when it was asked. */
	readonly changes: number;
}

type Answers<N extends TaskName> = Map<string, Shared<TaskResultOf<Tasks[N]>>>;

/** Answers that others may share, of the questions that people ask. What a server asks before a change is not shared. */
type Book = {
	readonly [N in "storageStatus" | "storageContent" | "imgFacts" | "scanLvm" | "scanIscsi"]: Answers<N>;
};

export type SharedQuestion = keyof Book;

/**
 * The questions of one server to the nodes. Many who ask the same within about a second share one task, so that
 * watchers cost a node no more than one of them; different questions wait in a line of their node. An answer is never
 * older than a change that this server knows of.
 */
export class Questions {
	readonly #runtime: Pick<Runtime, "schedule" | "sleep">;
	readonly #lines = new Map<string, QuestionLine>();
	readonly #shared: Book = {
		storageStatus: new Map(),
		storageContent: new Map(),
		imgFacts: new Map(),
		scanLvm: new Map(),
		scanIscsi: new Map(),
	};
	readonly #seen = new Set<string>();
	#changes = 0;

	constructor(runtime: Pick<Runtime, "schedule" | "sleep">) {
		this.#runtime = runtime;
	}

	/**
	 * The answer to a question, by `ask` or by what somebody else has just asked. It may be shared: nobody changes it.
	 * Throws NODE_BUSY, and what `ask` throws.
	 */
	async answer<N extends SharedQuestion>(
		name: N,
		{ node, argument, caller }: Question<Tasks[N]>,
		ask: () => Promise<TaskResultOf<Tasks[N]>>,
	): Promise<TaskResultOf<Tasks[N]>> {
		const answers: Answers<N> = this.#shared[name];
		const key = JSON.stringify([node, argument]);
		const known = this.#known(answers, key);
		if (known !== null) return await known;
		const line = this.#lineOf(node);
		try {
			return await line.within(partyOf(caller), async () => {
				// While it waited, somebody else may have asked.
				return await (this.#known(answers, key) ?? this.#share(answers, key, ask()));
			});
		} finally {
			if (line.isEmpty) this.#lines.delete(node);
		}
	}

	/** Something was changed: what was asked before is of no use to who asks from now on. */
	changed(): void {
		this.#changes++;
	}

	/** Somebody was told that a task is over: what they ask from now on has to show what it did. */
	sawEnd(upid: string): void {
		if (this.#seen.has(upid)) return;
		this.#seen.add(upid);
		const [oldest = ""] = this.#seen;
		if (this.#seen.size > mostSeen) this.#seen.delete(oldest);
		this.changed();
	}

	#known<R>(answers: ReadonlyMap<string, Shared<R>>, key: string): Promise<R> | null {
		const shared = answers.get(key);
		return shared?.changes === this.#changes ? shared.answer : null;
	}

	#share<R>(answers: Map<string, Shared<R>>, key: string, answer: Promise<R>): Promise<R> {
		const shared = { answer, changes: this.#changes };
		const drop = () => {
			if (answers.get(key) === shared) answers.delete(key);
		};
		answers.set(key, shared);
		answer.then(() => this.#runtime.sleep(goodForMs)).then(drop, drop);
		return answer;
	}

	#lineOf(node: string): QuestionLine {
		const known = this.#lines.get(node);
		if (known !== undefined) return known;
		const line = new QuestionLine(node, this.#runtime);
		this.#lines.set(node, line);
		return line;
	}
}

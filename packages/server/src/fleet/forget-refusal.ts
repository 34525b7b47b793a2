import { PathkeeperError } from "@pathkeeper/model";
import { notAnswered, type TaskOutcome } from "./node-task.ts";

/** Why a LUN is not forgotten, from what its nodes answered: who uses it first, then who could not be asked. */
export function refusal(wwid: string, type: string, outcomes: readonly TaskOutcome[]): PathkeeperError {
	const refused = outcomes.filter((outcome) => outcome.kind === "refused");
	const unreachable = outcomes.filter((outcome) => outcome.kind === "unreachable");
	const aftermath = aftermathOf(type, outcomes);
	const users = refused.map(({ problem }) => usersIn(wwid, problem));
	if (aftermath === null && users.length > 0 && unreachable.length === 0 && isTold(users)) {
		return new PathkeeperError("LUN_IN_USE", { wwid, users: users.join("; ") });
	}
	if (aftermath === null && refused.length === 0) {
		const problem = [...new Set(unreachable.map((outcome) => outcome.problem))].join("; ");
		const node = unreachable.map((outcome) => outcome.node).join("', '");
		// Told as busy only when all of them are: who is gone does not come back by waiting.
		const why = unreachable.find((outcome) => outcome.why !== "busy")?.why ?? "busy";
		return notAnswered({ node, why, problem: `${problem}; force skips nodes that cannot be asked` });
	}
	const problems = [
		...refused.map(({ node, problem }) => {
			const user = usersIn(wwid, problem);
			return user === null ? `${node}: ${problem}` : `in use on ${user}`;
		}),
		...unreachable.map(({ node, problem }) => `${node}: ${problem}`),
		aftermath ?? "nothing was changed",
	];
	return new PathkeeperError("LUN_NOT_FORGOTTEN", { wwid, problem: problems.join("; ") });
}

/** What the nodes that did their part do now; null when no node has changed anything. */
function aftermathOf(type: string, outcomes: readonly TaskOutcome[]): string | null {
	if (type === "lunguard") return null;
	const done = outcomes.filter(({ kind }) => kind === "done").map(({ node }) => node);
	return done.length === 0 ? null : `${done.join(", ")} had given it up and takes it back now by itself`;
}

/** The users that a node named, out of its refusal; null when it refused for another reason. */
function usersIn(wwid: string, problem: string): string | null {
	const opening = new PathkeeperError("LUN_IN_USE", { wwid, users: "" }).message;
	return problem.startsWith(opening) ? problem.slice(opening.length) : null;
}

function isTold(users: readonly (string | null)[]): users is readonly string[] {
	return users.every((user) => user !== null);
}

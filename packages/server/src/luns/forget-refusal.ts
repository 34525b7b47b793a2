import { PathkeeperError } from "@pathkeeper/model";
import { lunUsersIn } from "../tasks/every-node.ts";
import { type NodeOutcome, notAnswered } from "../tasks/node-outcome.ts";

/** Which part of forgetting the nodes did not all do. */
export type ForgetStep = "guard" | "withdraw";

/** Why a LUN is not forgotten, from what its nodes answered: who uses it first, then who could not be asked. */
export function refusal(
	wwid: string,
	step: ForgetStep,
	outcomes: readonly NodeOutcome<null>[],
): PathkeeperError {
	const refused = outcomes.filter(({ kind }) => kind !== "done" && kind !== "unreachable");
	const unreachable = outcomes.filter((outcome) => outcome.kind === "unreachable");
	const aftermath = aftermathOf(step, outcomes);
	const users = refused.map(lunUsersIn).filter((user) => user !== null);
	if (aftermath === null && users.length > 0 && users.length === refused.length && unreachable.length === 0)
		return new PathkeeperError("LUN_IN_USE", { wwid, users: users.join("; ") });
	if (aftermath === null && refused.length === 0) {
		const problem = [...new Set(unreachable.map(({ text }) => text))].join("; ");
		const node = unreachable.map((outcome) => outcome.node).join("', '");
		// Busy only when all of them are: who is gone does not come back by waiting.
		const why = unreachable.find((outcome) => outcome.why !== "busy")?.why ?? "busy";
		return notAnswered(node, { why, text: `${problem}; force skips nodes that cannot be asked` });
	}
	const problems = [
		...refused.map(problemOf),
		...unreachable.map(problemOf),
		aftermath ?? "nothing was changed",
	];
	return new PathkeeperError("LUN_NOT_FORGOTTEN", { wwid, problem: problems.join("; ") });
}

function problemOf(outcome: NodeOutcome<null>): string {
	if (outcome.kind === "done") return `${outcome.node}: done`;
	const users = lunUsersIn(outcome);
	return users === null ? `${outcome.node}: ${outcome.text}` : `in use on ${users}`;
}

/** What the nodes that did their part do now; null when no node has changed anything. */
function aftermathOf(step: ForgetStep, outcomes: readonly NodeOutcome<null>[]): string | null {
	if (step === "guard") return null;
	const done = outcomes.filter(({ kind }) => kind === "done").map(({ node }) => node);
	return done.length === 0 ? null : `${done.join(", ")} had given it up and takes it back now by itself`;
}

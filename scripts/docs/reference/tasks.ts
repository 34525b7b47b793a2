import { type TaskType, taskNames, tasks } from "@pathkeeper/model";

type Schema = TaskType["result"];

const all: readonly TaskType[] = taskNames().map((name) => tasks[name]);

/** The page of all tasks, from the table that server and agent share. */
export function tasksPage(): string {
	return `# Tasks of the nodes

What a server asks of a node is a *task* in the store: the node's agent takes it, does it, and writes its outcome. The
type of a task is in its UPID. Fields in *italics* may be left out.

An outcome is one of these: \`done\`; \`refused\`, when nothing was begun, and \`failed\`, when something was, each with
\`code\`, \`values\` and \`text\`; \`not-run\`, when no agent took it; \`lost\`, when what it did is not known, because
the agent or the node went away while it ran. \`GET /nodes/NODE/tasks/UPID/status\` shows it as \`outcome\`, and in words
as \`exitstatus\`.

## Questions

They change nothing, and go from the store with their answer.

${rows("question")}

## Changes

They are recorded, and listed among the tasks of their node.

${rows("change")}
`;
}

function rows(kind: TaskType["kind"]): string {
	const ofKind = all.filter((task) => task.kind === kind).toSorted((a, b) => (a.type < b.type ? -1 : 1));
	return ["| type | what it does | takes | gives |", "|---|---|---|---|", ...ofKind.map(row)].join("\n");
}

function row({ type, summary, argument, result }: TaskType): string {
	return `| \`${type}\` | ${summary} | ${fieldsOf(argument)} | ${fieldsOf(result)} |`;
}

/** The fields of an object, or of each element of a list. */
function fieldsOf(schema: Schema): string {
	if ("items" in schema && isSchema(schema.items)) return `list of ${fieldsOf(schema.items)}`;
	if (!("properties" in schema) || !(schema.properties instanceof Object)) return "nothing";
	const required = "required" in schema && Array.isArray(schema.required) ? schema.required : [];
	const names = Object.keys(schema.properties);
	if (names.length === 0) return "nothing";
	return names.map((name) => (required.includes(name) ? `\`${name}\`` : `*\`${name}\`*`)).join(", ");
}

function isSchema(value: unknown): value is Schema {
	return typeof value === "object" && value !== null;
}

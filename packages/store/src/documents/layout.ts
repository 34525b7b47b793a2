import { PathkeeperError } from "@pathkeeper/model";

/**
 * Where documents stand in the store. No prefix is the beginning of another, and no part of a key holds a `/` of its
 * own, so that a watch of one kind of document never sees another kind.
 */
export const layout = {
	acknowledgements: "acknowledgement/",
	acknowledgement: (id: string) => `acknowledgement/${id}`,
	configs: "config/",
	config: (name: string) => `config/${name}`,
	configVersions: (name: string) => `config-version/${name}/`,
	configVersion: (name: string, version: number) => `config-version/${name}/${padded(version, 10)}`,
	audit: "audit/",
	auditRecord: (at: number, unique: string) => `audit/${padded(at, 15)}-${unique}`,
	members: "member/",
	member: (node: string) => `member/${nodeName(node)}`,
	knownNodes: "node/",
	knownNode: (node: string) => `node/${nodeName(node)}`,
	reports: "report/",
	report: (node: string) => `report/${nodeName(node)}`,
	reportParts: "report-part/",
	reportPartsOf: (node: string) => `report-part/${nodeName(node)}/`,
	reportPart: (node: string, generation: string, part: number) =>
		`report-part/${nodeName(node)}/${generation}/${padded(part, 3)}`,
	tasks: "task/",
	tasksOf: (node: string) => `task/${nodeName(node)}/`,
	task: (node: string, upid: string) => `task/${nodeName(node)}/${upid}`,
	taskLogs: "task-log/",
	taskLog: (node: string, upid: string) => `task-log/${nodeName(node)}/${upid}/`,
	taskLogPart: (node: string, upid: string, part: number) =>
		`task-log/${nodeName(node)}/${upid}/${padded(part, 6)}`,
	taskResults: "task-result/",
	taskResult: (node: string, upid: string) => `task-result/${nodeName(node)}/${upid}`,
	taskCancels: "task-cancel/",
	taskCancelsOf: (node: string) => `task-cancel/${nodeName(node)}/`,
	taskCancel: (node: string, upid: string) => `task-cancel/${nodeName(node)}/${upid}`,
	withdrawals: "withdrawal/",
	withdrawal: (wwid: string) => `withdrawal/${wwid}`,
	locks: "lock/",
	lock: (name: string) => `lock/${name}`,
} as const;

const nodePattern = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** True for what Proxmox VE takes as the name of a node: a host name without dots. */
export function isNodeName(text: string): boolean {
	return nodePattern.test(text);
}

function nodeName(node: string): string {
	if (isNodeName(node)) return node;
	throw new PathkeeperError("PARAMETER_INVALID", { fields: { node: `'${node}' is not the name of a node` } });
}

/** Decimal digits that sort as text like the numbers. */
function padded(number: number, digits: number): string {
	const text = String(number);
	if (!/^\d+$/.test(text) || text.length > digits)
		throw new PathkeeperError("BUG", { problem: `${number} in a store key` });
	return text.padStart(digits, "0");
}

/** The part of a key after a prefix; null when the key does not begin with it. */
export function below(prefix: string, key: string): string | null {
	return key.startsWith(prefix) ? key.slice(prefix.length) : null;
}

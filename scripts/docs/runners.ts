/** Who runs the commands of a document: the names that may stand behind `run=` in the info string of a `sh` block. */
export const runners = {
	"one-host": "as root in a fresh guest, install-one-host.md from its first block to its last",
	"every-node": "as root in each of n1, n2 and n3",
	n1: "as root in n1",
	n2: "as root in n2",
	n3: "as root in n3",
	checkout: "in a clone of this repository",
	trial: "as any user, against `pathkeeper demo`",
	"demo-cli": "the command line against a running demo or a simulated daemon",
	pve: "not run in our tests: the line before the block has to say so",
} as const;

export type Runner = keyof typeof runners;

export function isRunner(name: string): name is Runner {
	return Object.hasOwn(runners, name);
}

/**
 * Places where there is nothing yet, and how to go on. Command line and page show the same sentences; the page may put a
 * button or link in place of the command.
 */
export interface EmptyPlace {
	/** What is so, in a sentence. */
	readonly title: string;
	/** The next step, in a sentence that goes on with the command where there is one. */
	readonly step: string;
	/** What to type; null: nothing. */
	readonly command: string | null;
}

export const emptyPlaces = {
	/** No host has an agent that ever reported. */
	noNode: {
		title: "No node has joined yet.",
		step: "On each host, install Pathkeeper, name the same etcd in /etc/pathkeeper/pathkeeper.conf, and start the agent; a single host without etcd runs pathkeeper instead of pathkeeper-agent",
		command: "systemctl enable --now pathkeeper-agent",
	},
	/** Beside the nodes that there are: how others join them. */
	anotherNode: {
		title: "Another node joins when its agent starts.",
		step: "On that host, install Pathkeeper and name the same etcd in /etc/pathkeeper/pathkeeper.conf; a fleet without etcd is moved there with pathkeeper store copy. Then",
		command: "systemctl enable --now pathkeeper-agent",
	},
	/** Nodes, and an empty allow-list. */
	nothingAllowed: {
		title: "No LUN is allowed yet, so nothing is assembled.",
		step: "List the LUNs that the nodes see, and allow those that they should use",
		command: "pathkeeper lun list --candidates",
	},
	/** Nodes answer and see no other LUN. */
	noCandidate: {
		title: "No node sees any other LUN.",
		step: "Show the LUN to these hosts on the array, check its zone or log in to its portals (iscsiadm -m node --login), then rescan on each host, with the package sg3-utils",
		command: "rescan-scsi-bus.sh",
	},
	/** Nodes, of which none answers. */
	noAnswer: {
		title: "No node answers, so it is unknown which LUNs there are.",
		step: "See what is wrong with each node",
		command: "pathkeeper node list",
	},
	/** A node without maps. */
	noMap: {
		title: "There is no map yet.",
		step: "An allowed LUN gets one as soon as the node sees it; list what the nodes see, and allow LUNs",
		command: "pathkeeper lun list --candidates",
	},
	noStorage: {
		title: "There is no storage yet, or none that you may see.",
		step: "Add one of type multipath first, which shows the allowed LUNs as volumes; a storage of type lvm is then created on one of them and holds disks of guests",
		command: "pathkeeper storage add multipath san shared=1",
	},
	noToken: {
		title: "No token yet.",
		step: "Programs log in with one, so that no password is kept in a script",
		command: "pathkeeper token add 'USER!NAME'",
	},
	noUser: {
		title: "There is no user that you may see.",
		step: "A user who may change access can add one",
		command: "pathkeeper user add NAME@local",
	},
	noGrant: {
		title: "There is no entry that you may see; where there is none at all, only root@local may do anything.",
		step: "Grant a user or token a role",
		command: "pathkeeper acl add / Auditor USER",
	},
	emptyLog: {
		title: "Nothing has happened yet.",
		step: "State changes, path events and changes of the configuration appear here a few seconds after they happen",
		command: null,
	},
	nothingInLog: {
		title: "Nothing in the log matches.",
		step: "Remove the filter, or choose a longer time",
		command: "pathkeeper log --since 7d",
	},
	noTask: {
		title: "No task has been given to a node, or none is kept any longer.",
		step: "Work on nodes, such as creating a volume or forgetting a LUN, is listed here with its outcome",
		command: null,
	},
	noAudit: {
		title: "There is no such record.",
		step: "Who changed what, and who was refused, is recorded here; remove the filter, or choose a longer time",
		command: "pathkeeper audit --since 30d",
	},
	noFinding: {
		title: "There are no findings.",
		step: "What is wrong with a node or the fleet beyond the state of LUNs is listed here",
		command: null,
	},
	/** The agent of a node gives no sign of life. */
	silentAgent: {
		title: "No sign of life from its agent.",
		step: "The state of its LUNs is unknown. Check whether the host runs and reaches the store; on that host",
		command: "systemctl status pathkeeper-agent pathkeeper",
	},
	/** A node's multipathd does not answer. */
	silentDaemon: {
		title: "Its multipathd does not answer.",
		step: "The kernel keeps using its maps, but nothing restores failed paths; on that host",
		command: "systemctl status multipathd",
	},
} as const satisfies Readonly<Record<string, EmptyPlace>>;

/** What the site shows, in the order in which a newcomer reads it; a test holds that no document is left out. */
export const readingOrder: readonly { readonly title: string; readonly documents: readonly string[] }[] = [
	{ title: "Begin", documents: ["docs/trial.md", "docs/concepts.md"] },
	{
		title: "Install",
		documents: ["docs/install-one-host.md", "docs/install-fleet.md", "docs/install-proxmox-ve.md"],
	},
	{ title: "Use", documents: ["docs/jobs.md", "docs/troubleshooting.md"] },
	{
		title: "Know",
		documents: [
			"docs/what-it-does-to-a-host.md",
			"docs/security.md",
			"docs/compatibility.md",
			"docs/refusals.md",
			"docs/limits-and-records.md",
		],
	},
	{
		title: "Look up",
		documents: [
			"docs/reference/settings.md",
			"docs/reference/commands.md",
			"docs/reference/routes.md",
			"docs/reference/tasks.md",
		],
	},
	{ title: "Work on it", documents: ["CONTRIBUTING.md", "ARCHITECTURE.md"] },
];

import { commandsPage } from "./commands.ts";
import { routesPage } from "./routes.ts";
import { settingsPage } from "./settings.ts";
import { tasksPage } from "./tasks.ts";

/** The pages that are written from the code, with their path from the root of the project. */
export const referencePages: readonly { readonly path: string; readonly text: () => string }[] = [
	{ path: "docs/reference/settings.md", text: settingsPage },
	{ path: "docs/reference/commands.md", text: commandsPage },
	{ path: "docs/reference/routes.md", text: routesPage },
	{ path: "docs/reference/tasks.md", text: tasksPage },
];

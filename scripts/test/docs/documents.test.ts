import { expect, test } from "vitest";
import { documentCommands } from "../../docs/commands.ts";
import { documentsIn } from "../../docs/documents.ts";

const documents = documentsIn();

test("there are documents", () => {
	expect(documents).toContain("docs/refusals.md");
});

test.each(documents)("every block of commands in %s says who runs it", (path) => {
	expect(() => documentCommands(path)).not.toThrow();
});

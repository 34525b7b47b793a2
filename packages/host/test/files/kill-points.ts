/** Points at which a writer is killed while it replaces a file, in order. */
export const killPoints = [
	"temp file made",
	"half of the text written",
	"text written",
	"text on the disk",
	"before the rename",
	"after the rename",
] as const;

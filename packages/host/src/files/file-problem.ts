import { messageOf } from "@pathkeeper/model";

/** Errno name of a failed system call (`ENOENT`), or null for any other error. */
export function systemCode(error: unknown): string | null {
	return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** What a failed system call on a file means, in words that tell an administrator what to look at. */
export function fileProblem(error: unknown): string {
	switch (systemCode(error)) {
		case "EROFS":
			return "the file system is read-only (to the service that is also a folder in /etc which was made after its start; restart it then)";
		case "ENOSPC":
			return "no space is left on the file system";
		case "EDQUOT":
			return "the disk quota is used up";
		case "EACCES":
		case "EPERM":
			return `user ${process.geteuid?.() ?? "?"} may not do this (permissions, or an immutable file)`;
		case "ELOOP":
			return "it is a symbolic link, and links are not followed";
		case "EISDIR":
			return "it is a folder";
		case "ENOTDIR":
			return "a part of the path is not a folder";
		case "EIO":
			return "the disk reports an input/output error";
		case "EMFILE":
		case "ENFILE":
			return "too many files are open";
		default:
			return messageOf(error);
	}
}

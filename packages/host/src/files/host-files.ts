/**
 * Files of the host that Pathkeeper reads or owns, below one root folder (`/` on a real host). Paths are absolute
 * as on the host. Nothing is written through a symbolic link.
 */
export interface HostFiles {
	/** Text of a file, or null when it does not exist. */
	read(path: string): Promise<string | null>;
	/**
	 * Replaces a file so that after a crash either the old or the new text is there: temp file beside it, write,
	 * fsync, rename, fsync of the folder. Creates missing folders. Throws FILE_UNSAFE (not a regular file, a
	 * symbolic link on the way, owned by another user, read-only file system, no space).
	 */
	replace(path: string, text: string, options?: { readonly mode?: number }): Promise<void>;
	/** Removes a file; false when it was not there. */
	remove(path: string): Promise<boolean>;
	/** Names in a folder, sorted bytewise; empty when the folder does not exist. */
	list(path: string): Promise<readonly string[]>;
}

/**
 * Folders of the host that hold volumes as files. A folder may be on a network file system whose server is gone; a
 * call that does not end in time is given up, and while it still hangs no further call goes to that folder.
 */
export interface Folders {
	/** What stands below a path, one level deep; null when there is no such folder. Links are not followed. */
	list(folder: string): Promise<readonly FolderEntry[] | null>;
	/** Room of the file system that the folder is on. */
	space(folder: string): Promise<{ readonly totalBytes: number; readonly availableBytes: number }>;
	/** True when a file system is mounted there. */
	isMountPoint(folder: string): Promise<boolean>;
	/** Makes a folder and those above it; harmless when it is there. */
	make(folder: string): Promise<void>;
	/** Makes a file of zeroes that takes up no room yet. Throws ALREADY_EXISTS. */
	create(file: string, sizeBytes: number): Promise<void>;
	/** Makes a file longer; never shorter. */
	grow(file: string, sizeBytes: number): Promise<void>;
	/** Also into another folder of the same file system. Throws ALREADY_EXISTS. */
	rename(file: string, to: string): Promise<void>;
	/** False when it was not there. */
	remove(file: string): Promise<boolean>;
}

export interface FolderEntry {
	readonly name: string;
	/** `other`: a link, a device, a socket. */
	readonly kind: "file" | "folder" | "other";
	readonly sizeBytes: number;
	/** When it was last changed, seconds since the epoch. */
	readonly changedAtS: number;
}

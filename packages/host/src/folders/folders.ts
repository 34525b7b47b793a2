/**
 * Folders of the host that hold volumes as files. Every call names the folder of a storage (`storage`, an absolute path
 * as it is configured) and what is meant inside of it (`inside`, names joined by `/`; empty: the folder itself).
 *
 * Who owns the folder of a storage need not be trusted: no symbolic link inside of it is followed, and only regular
 * files with one name are changed or removed, whatever is swapped while we work. The folders above it must belong to
 * root and be writable for nobody else, and it must be no folder of the system; otherwise FOLDER_UNSAFE.
 *
 * A folder may be on a network file system whose server is gone; a call that does not end in time is given up
 * (FILE_UNREADABLE), nothing is changed after that, and while it still hangs no further call goes to that storage.
 */
export interface Folders {
	/** What is in a folder, one level deep, by name; null when there is no such folder. */
	list(storage: string, inside: string): Promise<readonly FolderEntry[] | null>;
	/** Room of the file system that the folder is on. */
	space(
		storage: string,
		inside: string,
	): Promise<{ readonly totalBytes: number; readonly availableBytes: number }>;
	/** True when a file system is mounted there. */
	isMountPoint(folder: string): Promise<boolean>;
	/** Makes a folder and those above it; harmless when it is there. */
	make(storage: string, inside: string): Promise<void>;
	/** Makes a file of zeroes that takes up no room yet. Throws ALREADY_EXISTS. */
	create(storage: string, file: string, sizeBytes: number): Promise<void>;
	/** Makes a file longer; never shorter. */
	grow(storage: string, file: string, sizeBytes: number): Promise<void>;
	/** Also into another folder of the same storage. Throws ALREADY_EXISTS. */
	rename(storage: string, file: string, to: string): Promise<void>;
	/** False when it was not there. */
	remove(storage: string, file: string): Promise<boolean>;
}

export interface FolderEntry {
	readonly name: string;
	/** `file`: a regular file with this one name. `other`: a link, a device, a pipe, a file with several names. */
	readonly kind: "file" | "folder" | "other";
	readonly sizeBytes: number;
	/** When it was last changed, seconds since the epoch. */
	readonly changedAtS: number;
}

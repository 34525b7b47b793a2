/**
 * What udev found out about a device, from its database (`/run/udev/data/bMAJOR:MINOR`, systemd src/libsystemd/
 * sd-device): one record a line, `E:KEY=VALUE` for a property. Values come from the device and are hostile text,
 * though udev itself replaces characters outside its own list.
 */
export interface UdevRecord {
	get(property: string): string | undefined;
}

/** Reads the text of a database file; an empty record for text that is none. */
export function parseUdevRecord(text: string): UdevRecord {
	const properties = new Map<string, string>();
	for (const line of text.split("\n")) {
		const at = line.indexOf("=");
		if (line.startsWith("E:") && at > 2) properties.set(line.slice(2, at), line.slice(at + 1));
	}
	return properties;
}

/**
 * The WWID as multipathd computes it, from the property that it looks at by default for the kind of device
 * (multipath-tools 0.15.0 libmultipath/defaults.h, `uid_attrs`). Null when udev tells none or one that could not
 * stand in the allow-list.
 */
export function wwidFromUdev(dev: string, record: UdevRecord): string | null {
	const property = dev.startsWith("nvme") ? "ID_WWN" : dev.startsWith("dasd") ? "ID_UID" : "ID_SERIAL";
	return validWwid(record.get(property));
}

/** The text when it can be a WWID (semantics of the allow-list: `[0-9A-Za-z#+.:=@_-]{1,127}`, no `..`), else null. */
export function validWwid(text: string | undefined): string | null {
	return text !== undefined && /^[0-9A-Za-z#+.:=@_-]{1,127}$/.test(text) && !text.includes("..")
		? text
		: null;
}

/** What stands on the device: type of file system or member, else of the partition table; null when nothing is known. */
export function contentFromUdev(record: UdevRecord): string | null {
	const type = record.get("ID_FS_TYPE") ?? record.get("ID_PART_TABLE_TYPE");
	return type !== undefined && /^[\w.+-]{1,64}$/.test(type) ? type : null;
}

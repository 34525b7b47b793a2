import { splitList } from "../config/lun-properties.ts";
import { isNodeName } from "../config/names.ts";
import { flagOf } from "../section-config/check.ts";
import { isLvmName, isPlainPath, isStorageId, isSystemFolder } from "./storage-names.ts";
import { contentTypes, type PropertyFormat, type StorageProperty, type StorageType } from "./storage-type.ts";
import { parseVolumeId } from "./volume-id.ts";

/** A value as it is written, or what is wrong with it in the words of Proxmox VE. */
export type CheckedProperty = { readonly value: string } | { readonly problem: string };

/** Checks the text of one property (null: the key stands alone) and gives it as it is to be written. */
export function checkProperty(
	property: StorageProperty,
	text: string | null,
	type: StorageType,
): CheckedProperty {
	if (property.kind === "flag") {
		const flag = flagOf(text);
		if (flag === null) return { problem: `type check ('boolean') failed - got '${shown(text ?? "")}'` };
		return { value: flag ? "1" : "0" };
	}
	if (text === null || text === "") return { problem: "value is empty" };
	if (property.oneOf !== undefined && !property.oneOf.includes(text)) {
		const choices = property.oneOf.join(", ");
		return { problem: `value '${shown(text)}' does not have a value in the enumeration '${choices}'` };
	}
	if (property.kind === "integer") return checkInteger(property, text);
	return checkFormat(property.format ?? "text", text, type);
}

function checkInteger({ minimum, maximum }: StorageProperty, text: string): CheckedProperty {
	if (!/^-?\d{1,15}$/.test(text)) return { problem: `type check ('integer') failed - got '${shown(text)}'` };
	const number = Number(text);
	if (minimum !== undefined && number < minimum)
		return { problem: `value must have a minimum value of ${minimum}` };
	if (maximum !== undefined && number > maximum)
		return { problem: `value must have a maximum value of ${maximum}` };
	return { value: String(number) };
}

function checkFormat(format: PropertyFormat, text: string, type: StorageType): CheckedProperty {
	const sound = (holds: boolean, what: string): CheckedProperty =>
		holds ? { value: text } : { problem: `invalid format - '${shown(text)}' is not ${what}` };
	switch (format) {
		case "content-list":
			return checkContent(text, type);
		case "node-list": {
			const nodes = [...new Set(splitList(text))];
			const bad = nodes.find((node) => !isNodeName(node));
			if (bad !== undefined) return { problem: `invalid format - '${shown(bad)}' is not the name of a node` };
			return nodes.length === 0 ? { problem: "value is empty" } : { value: nodes.join(",") };
		}
		case "path":
			return sound(isPlainPath(text), "a plain absolute path");
		case "storage-folder":
			if (isPlainPath(text) && isSystemFolder(text))
				return {
					problem: `invalid format - '${shown(text)}' is a system folder; choose one for volumes alone, such as /srv/volumes`,
				};
			return sound(isPlainPath(text), "a plain absolute path");
		case "storage-id":
			return sound(isStorageId(text), "a storage ID");
		case "volume-id":
			return sound(parseVolumeId(text) !== null, "a volume ID");
		case "lvm-name":
			return sound(isLvmName(text), "a name for LVM");
		case "text":
			return text.length <= 4096 ? { value: text } : { problem: "value may only be 4096 characters long" };
	}
}

function checkContent(text: string, type: StorageType): CheckedProperty {
	const words = [...new Set(splitList(text))];
	const known = contentTypes.filter((word) => words.includes(word));
	const bad = words.find((word) => !known.some((each) => each === word));
	if (bad !== undefined) return { problem: `invalid format - invalid content type '${shown(bad)}'` };
	const foreign = known.find((word) => !type.content.valid.includes(word));
	if (foreign !== undefined)
		return { problem: `storage type '${type.type}' does not support content type '${foreign}'` };
	if (known.includes("none") && known.length > 1)
		return { problem: "unable to combine 'none' with other content types" };
	return known.length === 0 ? { problem: "value is empty" } : { value: known.join(",") };
}

function shown(text: string): string {
	return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

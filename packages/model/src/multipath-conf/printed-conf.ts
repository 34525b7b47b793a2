/**
 * Text that multipath printed, with what it forgets put back: for a blacklist device with only a vendor it prints no
 * `}`, for one with only a product no `device {`, and no quotes around uid_attrs (observed on 0.9.4, 0.11.1 and
 * 0.15.1; libmultipath/print.c snprint_blacklist_group).
 */
export function completed(printed: string): string {
	const lines: string[] = [];
	let inBlacklist = false;
	let inDevice = false;
	for (const line of printed.split("\n")) {
		const word = line.trim();
		if (!line.startsWith("\t") && word !== "") {
			if (inDevice) lines.push("\t}");
			inBlacklist = word.startsWith("blacklist");
			inDevice = false;
		} else if (inBlacklist && word === "device {") {
			if (inDevice) lines.push("\t}");
			inDevice = true;
		} else if (inBlacklist && !inDevice && line.startsWith("\t\tproduct ")) {
			lines.push("\tdevice {");
			inDevice = true;
		} else if (word === "}") inDevice = false;
		lines.push(/^\tuid_attrs [^"]/.test(line) ? `\tuid_attrs "${word.slice("uid_attrs ".length)}"` : line);
	}
	return lines.join("\n");
}

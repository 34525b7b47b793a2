/**
 * Lines between and inside the maps of a topology text that could not be read as a part of one. What they show decides
 * whether something of a map may stand in them.
 */

/** Device, its numbers and directly behind them a state: what every release prints of a path and nothing else does. */
const pathTrace = /(?:^|\s)\S{1,64}\s+(?:\d+:\d+|#:#)\s+(?:\[|#|[a-z])/;
/** Of a group, of properties, or of a path before 0.4.9. */
const treeTrace = /policy=|features=|hwhandler=|\\_ /;
const headerTrace = /\bdm-\d+\b|\bundef\b|\([\w.:-]{8}/;
/** What multipath and the journal put before a message, and the device that the message is about. */
const messageHead =
	/^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d+\.\d{3,9}|\d{4}-\d\d-\d\d[T ]\S{1,40})?(?: \S+ [\w.@/-]+(?:\[\d+\])?:| \|)? ?(?:[a-z][\w!-]{1,31}: )?/;
const address = /(?:^|[^\w.:#])(?:[\d#]+:){2,3}[\d#]+(?![\w:])/;
const device = /(?:^|[^\w.-])(?:(?:sd|vd|xvd|hd|dasd)[a-z]{1,5}\d*|nvme\d+(?:c\d+)?n\d+)(?![\w-])/;
const maxLook = 2000;

/** True when a path may stand in the line. */
export function namesPath(line: string): boolean {
	return pathTrace.test(look(line));
}

/** True when any part of a map may stand in the line, its first line excepted. */
export function showsTree(line: string): boolean {
	const text = look(line);
	return treeTrace.test(text) || pathTrace.test(text);
}

/** True when the first line of a map may stand in the line. */
export function mayBeHeader(line: string): boolean {
	return headerTrace.test(look(line));
}

/**
 * True for a log line that cannot have swallowed a path: behind its head, which may end in the device that it is about
 * (`Nov 15 16:35:38 | sdi: …`), stands neither an address nor a device.
 */
export function isPlainMessage(line: string): boolean {
	const text = look(line);
	const message = text.slice(messageHead.exec(text)?.[0].length ?? 0);
	return line.length <= maxLook && !address.test(message) && !device.test(message) && !showsTree(message);
}

/** A line that opens or closes a block of code in Markdown, or ends one in HTML. */
export function isFence(line: string): boolean {
	return /^\s{0,64}(?:(?:```|~~~)[\w-]{0,32}|(?:<\/?(?:pre|code)>){1,4})\s*$/.test(look(line));
}

function look(line: string): string {
	return line.length > maxLook ? line.slice(0, maxLook) : line;
}

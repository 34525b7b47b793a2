const named = /^([A-Za-z0-9][A-Za-z0-9-]{0,62}): (.*)$/s;
/** More names than this are counted. */
const mostNames = 5;

/**
 * Sentences that begin with the name of a node (`n3: …`), each told once for all nodes that it is true of, in the
 * order in which they first come. Other sentences stay as they are.
 */
export function toldOnce(sentences: readonly string[]): string[] {
	const byText = new Map<string, string[]>();
	for (const sentence of sentences) {
		const [, node, text = sentence] = named.exec(sentence) ?? [];
		const nodes = byText.get(text) ?? [];
		if (node !== undefined && !nodes.includes(node)) nodes.push(node);
		byText.set(text, nodes);
	}
	return [...byText].map(([text, nodes]) => (nodes.length === 0 ? text : `${namesOf(nodes)}: ${text}`));
}

/** `n1, n2`; of many the first ones and how many more. */
export function namesOf(nodes: readonly string[]): string {
	return nodes.length > mostNames
		? `${nodes.slice(0, mostNames - 1).join(", ")} and ${nodes.length - mostNames + 1} more`
		: nodes.join(", ");
}

/** A sentence about a node where it stands under the name of that node already. */
export function withoutName(sentence: string, node: string): string {
	return sentence.startsWith(`${node}: `) ? sentence.slice(node.length + 2) : sentence;
}

/**
 * Time, timers, randomness and the process id come in as an argument everywhere (`model/src/runtime`), so that a whole
 * fleet can run in one deterministic world. Only the adapters read the real ones.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Node, type Program, parseSync } from "oxc-parser";

/** The files that may: one for the processes, one for the page in a browser. */
const adapters: readonly string[] = [
	"packages/pathkeeper/src/runtime/real-runtime.ts",
	"packages/web/src/runtime.ts",
];

/** Globals that nobody else uses at all. */
const timers: ReadonlySet<string> = new Set(["setTimeout", "setInterval", "setImmediate", "performance"]);

/** Globals of which nobody else uses these parts, nor hands the whole on under another name. */
const parts: Readonly<Record<string, ReadonlySet<string>>> = {
	Date: new Set(["now"]),
	Math: new Set(["random"]),
	AbortSignal: new Set(["timeout"]),
	crypto: new Set(["getRandomValues", "randomUUID"]),
	process: new Set(["pid", "hrtime", "uptime"]),
};

const globalObjects: ReadonlySet<string> = new Set(["globalThis", "window", "self", "global"]);

/** Modules of Node that nobody else imports; of `node:crypto` only what follows. */
const modules = /^(?:node:)?(?:timers(?:\/promises)?|perf_hooks|process)$/;
const cryptoModule = /^(?:node:)?crypto$/;
const cryptoNames = /^(?:random.*|getRandomValues|webcrypto|default|\*)$/;

/** Every read of a clock, a timer, randomness or the process id in a package's sources below `root`, one line each. */
export function checkRuntimeReads(root: string): string[] {
	const missing = adapters.filter((path) => !existsSync(join(root, path)));
	const packages = readdirSync(join(root, "packages"));
	const reads = packages.flatMap((name) => {
		const folder = `packages/${name}/src`;
		const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
		return files
			.filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts"))
			.map((file) => `${folder}/${file}`)
			.filter((path) => !adapters.includes(path))
			.flatMap((path) =>
				runtimeReads(path, readFileSync(join(root, path), "utf8")).map(
					({ line, what }) => `${path}:${line} reads ${what}; take it from a Runtime (model/src/runtime)`,
				),
			);
	});
	return [...missing.map((path) => `${path} is not there any more; name its new place`), ...reads];
}

interface Read {
	/** From 1 on. */
	readonly line: number;
	readonly what: string;
}

function runtimeReads(path: string, text: string): readonly Read[] {
	const { program, errors } = parseSync(path, text);
	if (errors[0] !== undefined) throw new Error(`${path}: ${errors[0].message}`);
	const found: Read[] = [];
	visit(program, [], (node, above) => {
		const what = importOf(node) ?? useOf(node, above);
		if (what !== null) found.push({ line: text.slice(0, node.start).split("\n").length, what });
	});
	return found;
}

type Visitor = (node: Node, above: readonly Node[]) => void;

function visit(node: Node | Program, above: readonly Node[], visitor: Visitor): void {
	visitor(node, above);
	const below = [...above, node];
	for (const value of Object.values(node))
		for (const child of Array.isArray(value) ? value : [value])
			if (isNode(child)) visit(child, below, visitor);
}

function isNode(value: unknown): value is Node {
	return value instanceof Object && "type" in value && typeof value.type === "string";
}

/** What an import brings in that only adapters may have. */
function importOf(node: Node): string | null {
	if (node.type === "ImportExpression") {
		const module = node.source.type === "Literal" ? String(node.source.value) : "";
		return modules.test(module) || cryptoModule.test(module) ? module : null;
	}
	if (node.type !== "ImportDeclaration" && node.type !== "ExportNamedDeclaration") return null;
	const module = node.source?.value ?? "";
	if (modules.test(module)) return module;
	if (!cryptoModule.test(module)) return null;
	const names = node.specifiers.map((specifier) => {
		if (specifier.type === "ImportDefaultSpecifier") return "default";
		if (specifier.type === "ImportNamespaceSpecifier") return "*";
		const name = specifier.type === "ImportSpecifier" ? specifier.imported : specifier.local;
		return name.type === "Literal" ? name.value : name.name;
	});
	const name = names.find((each) => cryptoNames.test(each));
	return name === undefined ? null : `${name} of ${module}`;
}

/** What a reference to a global reads that only adapters may. */
function useOf(node: Node, above: readonly Node[]): string | null {
	const name = globalName(node, above);
	if (name === null) return null;
	if (timers.has(name)) return name;
	const forbidden = Object.hasOwn(parts, name) ? parts[name] : undefined;
	const parent = above.at(-1);
	if (forbidden === undefined || parent === undefined || parent.type.startsWith("TS")) return null;
	if (parent.type === "MemberExpression" && parent.object === node) {
		const property = propertyName(parent);
		return property === null || forbidden.has(property) ? `${name}.${property ?? "[…]"}` : null;
	}
	if (name === "Date" && parent.type === "NewExpression" && parent.callee === node)
		return parent.arguments.length > 0 ? null : "new Date()";
	if (parent.type === "BinaryExpression" && parent.operator === "instanceof") return null;
	return name;
}

/** The global that an expression is, also as `globalThis.NAME`; null: it is something else. */
function globalName(node: Node, above: readonly Node[]): string | null {
	if (node.type === "MemberExpression")
		return node.object.type === "Identifier" && globalObjects.has(node.object.name)
			? propertyName(node)
			: null;
	if (node.type !== "Identifier") return null;
	const parent = above.at(-1);
	// What an import brings in is judged with the import.
	if (parent === undefined || /^(?:Im|Ex)port.*Specifier$/.test(parent.type)) return null;
	// A property of that name, not the global.
	if (parent.type === "MemberExpression" && parent.property === node && !parent.computed) return null;
	const isKey = "key" in parent && parent.key === node && !("computed" in parent && parent.computed === true);
	return isKey ? null : node.name;
}

function propertyName(node: Node & { type: "MemberExpression" }): string | null {
	if (!node.computed) return node.property.type === "Identifier" ? node.property.name : "";
	return node.property.type === "Literal" ? String(node.property.value) : null;
}

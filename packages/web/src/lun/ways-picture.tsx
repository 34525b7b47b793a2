import { counted } from "../ui/counted.ts";
import { shown } from "../ui/shown.ts";
import { shownState } from "../ui/states.ts";
import type { Point, Way, WaysPicture } from "./ways.ts";

const columns = { node: 90, initiator: 330, port: 650, lun: 900 } as const;
const heads = [
	["Node", columns.node],
	["Initiator", columns.initiator],
	["Target port", columns.port],
	["LUN", columns.lun],
] as const;
const width = 1000;

/** The paths as a drawing in four columns. */
export function WaysDrawing({ picture, name }: { readonly picture: WaysPicture; readonly name: string }) {
	const { ways, nodes, initiators, ports, height } = picture;
	const at = (points: readonly Point[], id: string) => points.find((point) => point.id === id)?.y ?? 0;
	const middle = height / 2;
	const broken = ways.filter(({ state }) => state !== "usable" && state !== "standby").length;
	const label = `Paths of ${counted(nodes.length, "node")} to ${shown(name)}: ${ways.length} in all, ${broken} of them broken or missing`;
	return (
		<svg className="ways" viewBox={`0 0 ${width} ${height + 26}`} role="img" aria-label={label}>
			<g className="heads">
				{heads.map(([text, x]) => (
					<text key={text} x={x} y={14} textAnchor="middle">
						{text}
					</text>
				))}
			</g>
			<g transform="translate(0 24)">
				{initiators.map(({ id, y }) => (
					<path
						key={id}
						className="wire plain"
						d={curve(columns.node + 50, at(nodes, id.split("\n")[0] ?? ""), columns.initiator - 92, y)}
					/>
				))}
				{ways.map((way) => (
					<Wire
						key={`${way.node} ${way.initiator} ${way.port} ${way.dev}`}
						way={way}
						from={at(initiators, `${way.node}\n${way.initiator}`)}
						to={at(ports, way.port)}
					/>
				))}
				{ports.map(({ id, y }) => {
					const own = ways.filter(({ port }) => port === id);
					const isUp = own.some(
						({ state }) => state === "usable" || state === "standby" || state === "impaired",
					);
					return (
						<path
							key={id}
							className={`wire ${isUp ? "plain" : "state-failed broken"}`}
							d={curve(columns.port + 112, y, columns.lun - 62, middle)}
						/>
					);
				})}
				{nodes.map((point) => (
					<Box key={point.id} x={columns.node} point={point} half={50} />
				))}
				{initiators.map((point) => (
					<Box key={point.id} x={columns.initiator} point={point} half={92} />
				))}
				{ports.map((point) => (
					<Box key={point.id} x={columns.port} point={point} half={112} />
				))}
				<Box x={columns.lun} point={{ id: "lun", label: name, y: middle }} half={64} />
			</g>
		</svg>
	);
}

/** A failed path is drawn with a gap and a cross: it is not only its colour that shows that it is broken. */
function Wire({ way, from, to }: { readonly way: Way; readonly from: number; readonly to: number }) {
	const [x1, x2] = [columns.initiator + 92, columns.port - 112];
	const state = way.state === "absent" ? "missing" : shownState(way.state);
	const isDown = state === "failed" || state === "gone" || state === "unknown" || state === "missing";
	const kind = isDown ? "broken" : state === "standby" ? "standby" : state === "impaired" ? "impaired" : "";
	const [x, y] = [(x1 + x2) / 2, (from + to) / 2];
	return (
		<g className={`state-${state}`}>
			<title>{`${shown(way.node)} → ${shown(way.port)}: ${way.state}${way.dev === "" ? "" : ` (${shown(way.dev)})`}`}</title>
			<path className={`wire ${kind}`} d={curve(x1, from, x2, to)} />
			{isDown ? <path className="cross" d={`M${x - 5} ${y - 5}l10 10M${x + 5} ${y - 5}l-10 10`} /> : null}
		</g>
	);
}

function curve(x1: number, y1: number, x2: number, y2: number): string {
	const bend = (x2 - x1) * 0.45;
	return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

function Box({ x, point, half }: { readonly x: number; readonly point: Point; readonly half: number }) {
	const room = Math.floor((half * 2 - 12) / 6.6);
	const text = shown(point.label);
	return (
		<g className="box">
			<title>{text}</title>
			<rect x={x - half} y={point.y - 12} width={half * 2} height={24} rx={6} />
			<text x={x} y={point.y + 4} textAnchor="middle">
				{text.length > room ? `${text.slice(0, room - 1)}…` : text}
			</text>
		</g>
	);
}

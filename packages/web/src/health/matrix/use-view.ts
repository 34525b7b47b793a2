import { type RefObject, useLayoutEffect, useState } from "react";

/** Inner size of an element that scrolls, kept true; 0 × 0 until it is laid out. */
export function useView(element: RefObject<HTMLElement | null>): {
	readonly width: number;
	readonly height: number;
} {
	const [view, setView] = useState({ width: 0, height: 0 });
	useLayoutEffect(() => {
		const at = element.current;
		if (at === null) return;
		const measure = () => {
			const [width, height] = [at.clientWidth, at.clientHeight];
			setView((before) => (before.width === width && before.height === height ? before : { width, height }));
		};
		measure();
		const observer = new ResizeObserver(measure);
		observer.observe(at);
		return () => observer.disconnect();
	}, [element]);
	return view;
}

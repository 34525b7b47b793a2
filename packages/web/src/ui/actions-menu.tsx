import { Menu } from "@mantine/core";
import { Fragment } from "react";
import { Button } from "./kit.ts";
import "./actions-menu.css";

export interface MenuAction<T extends string> {
	readonly value: T;
	readonly text: string;
	/** True for what removes something: it is set apart, and red. */
	readonly isDanger?: boolean;
}

/** A button that opens a list of what can be done. Only views that are loaded late use it: it is large. */
export function ActionsMenu<T extends string>({
	label,
	actions,
	onChoose,
}: {
	/** What it is about, for screen readers. */
	readonly label: string;
	readonly actions: readonly MenuAction<T>[];
	readonly onChoose: (value: T) => void;
}) {
	return (
		<Menu
			position="bottom-end"
			transitionProps={{ duration: 0 }}
			// Elsewhere it would be outside every landmark.
			portalProps={{ target: "main" }}
			withInitialFocusPlaceholder={false}
		>
			<Menu.Target>
				<Button size="compact-sm" variant="subtle" aria-label={label}>
					More
				</Button>
			</Menu.Target>
			<Menu.Dropdown>
				{actions.map(({ value, text, isDanger = false }, at) => (
					<Fragment key={value}>
						{isDanger && at > 0 ? <Menu.Divider /> : null}
						<Menu.Item onClick={() => onChoose(value)} className={isDanger ? "danger" : ""}>
							{text}
						</Menu.Item>
					</Fragment>
				))}
			</Menu.Dropdown>
		</Menu>
	);
}

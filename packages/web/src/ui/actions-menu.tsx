import { Menu } from "@mantine/core";
import { Button } from "./kit.ts";

/** A button that opens a list of what can be done. Only views that are loaded late use it: it is large. */
export function ActionsMenu<T extends string>({
	label,
	actions,
	onChoose,
}: {
	/** What it is about, for who hears the page. */
	readonly label: string;
	readonly actions: readonly { readonly value: T; readonly text: string }[];
	readonly onChoose: (value: T) => void;
}) {
	return (
		<Menu
			position="bottom-end"
			transitionProps={{ duration: 0 }}
			// Else it would stand outside of every landmark, with something in it that is no item.
			portalProps={{ target: "main" }}
			withInitialFocusPlaceholder={false}
		>
			<Menu.Target>
				<Button size="compact-sm" variant="subtle" aria-label={label}>
					More
				</Button>
			</Menu.Target>
			<Menu.Dropdown>
				{actions.map(({ value, text }) => (
					<Menu.Item key={value} onClick={() => onChoose(value)}>
						{text}
					</Menu.Item>
				))}
			</Menu.Dropdown>
		</Menu>
	);
}

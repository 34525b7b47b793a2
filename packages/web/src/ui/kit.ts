/** The component kit, as far as it is used: a change of kit touches this folder and nothing else. */
export {
	Button,
	Checkbox,
	Loader,
	MantineProvider as KitProvider,
	NativeSelect,
	PasswordInput,
	TextInput,
	useComputedColorScheme as useScheme,
	useMantineColorScheme as useSchemeChoice,
} from "@mantine/core";
export { useDebouncedValue, useHotkeys } from "@mantine/hooks";

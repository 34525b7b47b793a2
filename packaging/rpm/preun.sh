# Removal stops our services; an upgrade leaves them running until the new version restarts them.
units='pathkeeper.service pathkeeper-agent.service pathkeeper-server.service'
if [ "$1" -eq 0 ] && [ -d /run/systemd/system ]; then
	systemctl --no-reload disable --now $units ||
		echo 'pathkeeper: one of its services may still be running; see above' >&2
fi
exit 0

# Makes user and folders. Enables and starts nothing; an upgrade restarts only those of our services that run.
units='pathkeeper.service pathkeeper-agent.service pathkeeper-server.service'
systemd-sysusers pathkeeper.conf
systemd-tmpfiles --create pathkeeper.conf ||
	echo 'pathkeeper: not every folder could be created as required; see above' >&2
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload || :
	# 1: the first version; 2: an upgrade.
	if [ "$1" -ge 2 ]; then
		systemctl try-restart $units || :
	fi
fi
if [ "$1" -eq 1 ]; then
	cat <<'TEXT'
Pathkeeper is installed, and none of its services runs: which role this machine has is your decision.
  one host          systemctl enable --now pathkeeper
  node of a fleet   systemctl enable --now pathkeeper-agent     set PATHKEEPER_ETCD in
  server of a fleet systemctl enable --now pathkeeper-server    /etc/pathkeeper/pathkeeper.conf first
"pathkeeper doctor" says what is missing or wrong on this machine; see also pathkeeper(1).
TEXT
fi
exit 0

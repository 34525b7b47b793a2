# Maps, the list of WWIDs, what multipathd reads and /var/lib/pathkeeper stay.
if [ -d /run/systemd/system ]; then systemctl daemon-reload || :; fi
[ "$1" -eq 0 ] || exit 0
files() {
	for file in /etc/multipath/conf.d/pathkeeper.conf /etc/multipath/conf.d/pathkeeper-overrides.conf; do
		if [ -e "$file" ]; then echo "$file"; fi
	done
}
[ -n "$(files)" ] || exit 0
echo 'Pathkeeper was removed. Maps and /etc/multipath/wwids are unchanged, and multipathd still reads:'
files | sed 's/^/  /'
cat <<'TEXT'
They are yours now. They set find_multipaths, names of maps and settings of LUNs: do not delete them, or maps may get
other names, handle lost paths differently, or be missing after a boot. To hand back, so that a later installation does
not take them over: rename each in its folder, such as to local.conf and local-overrides.conf, compare the output of
"multipath -t" before and after, and run "multipathd reconfigure".
TEXT
exit 0

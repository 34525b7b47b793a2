# Maps, the list of WWIDs, what multipathd reads and /var/lib/pathkeeper stay.
if [ -d /run/systemd/system ]; then systemctl daemon-reload || :; fi
[ "$1" -eq 0 ] || exit 0
files() {
	for file in /etc/multipath/conf.d/pathkeeper.conf /etc/multipath/conf.d/pathkeeper-overrides.conf; do
		if [ -e "$file" ]; then echo "$file"; fi
	done
}
[ -n "$(files)" ] || exit 0
echo 'Pathkeeper is removed. Maps and /etc/multipath/wwids are as they were, and multipathd still reads:'
files | sed 's/^/  /'
cat <<'TEXT'
They are yours now. find_multipaths, the names of maps and settings of LUNs come from them, so that without them a map
may get another name or queue otherwise. To hand back: copy what shall stay into /etc/multipath.conf, move them away,
compare the output of "multipath -t" before and after, and run "multipathd reconfigure" at a quiet moment.
TEXT
exit 0

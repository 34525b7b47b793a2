#!/bin/sh
# Runs inside the new root file system of a storage host, after prepare-guest.sh.
set -eu

systemctl --quiet disable tgt.service

# multipathd 0.15.1 leaves a thread that spins for ever, at real-time priority, when it drops a checker whose thread has
# not begun yet (libmpathutil/runner.c); with one emulated CPU that is every reconfigure. Checkers without threads of
# their own do not fall into it. This is the only line of multipath configuration that a guest begins with.
case $(dpkg-query --show --showformat='${Version}' multipath-tools) in
0.15.1-*)
	printf 'defaults {\n\tforce_sync yes\n}\n' >/etc/multipath.conf
	;;
esac

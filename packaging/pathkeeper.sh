#!/bin/sh
# Starts Pathkeeper with the Node.js that belongs to it, also where the archive was only unpacked.
case $0 in
/usr/bin/pathkeeper | /bin/pathkeeper) lib=/usr/lib/pathkeeper ;;
*) lib=$(dirname "$(dirname "$(readlink -f "$0")")")/lib/pathkeeper ;;
esac
exec "$lib/runtime/node" "$lib/pathkeeper.mjs" "$@"

"""A program of somebody else's: Debian's python3-proxmoxer, as it is. Prints what it was answered, as JSON."""

import json
import sys
import time

from proxmoxer import ProxmoxAPI, ResourceException

port, ca, password, token, secret, wwid, empty = sys.argv[1:]
server = {"host": "127.0.0.1", "port": int(port), "verify_ssl": ca, "timeout": 30}
by_ticket = ProxmoxAPI(**server, user="root@local", password=password)
by_token = ProxmoxAPI(**server, user="root@local", token_name=token, token_value=secret)
forged = ProxmoxAPI(**server, user="root@local", token_name=token, token_value=secret[:-1] + "x")


def refused(call):
    """Status, words and fields of a refusal; fails when there is none."""
    try:
        answer = call()
    except ResourceException as error:
        return {"status": error.status_code, "words": error.content, "errors": error.errors}
    raise SystemExit(f"it was not refused: {answer}")


multipath = by_ticket.cluster.multipath
answers = {
    "version": by_ticket.version.get()["version"],
    "nodes": by_ticket.nodes.get(),
    "nodesByToken": by_token.nodes.get(),
    "forged": refused(forged.nodes.get),
    "cluster": [entry["type"] for entry in by_token.cluster.status.get()],
    "resources": by_token.cluster.resources.get(type="node"),
}

# The configuration: read, write, refusals in words, two writers.
before = multipath.config.get()["digest"]
answers["allowed"] = multipath.wwids.post(wwid=wwid, alias="by-python", comment="Grüße & more=1")["seen"]
answers["lun"] = {key: value for key, value in multipath.wwids(wwid).get().items() if key != "digest"}
answers["conflict"] = refused(lambda: multipath.wwids(wwid).put(alias="late", digest=before))
answers["wrong"] = refused(lambda: multipath.defaults.put(**{"polling-interval": "0"}))
answers["unknown"] = refused(lambda: multipath.wwids.post(wwid=wwid, nonsense=1))
now = multipath.config.get()["digest"]
by_token.cluster.multipath.defaults.put(**{"polling-interval": 7, "digest": now})
answers["defaults"] = multipath.defaults.get()["polling-interval"]

# A ticket that is shown as password is renewed, before every call here.
by_ticket._store["session"].auth.renew_age = 0
old = by_ticket.get_tokens()[0]
answers["maps"] = sorted(lun["wwid"] for lun in by_ticket.cluster.multipath.wwids.get())
answers["renewed"] = by_ticket.get_tokens()[0].startswith("PVE:root@local:") and len(old) > 0
# The call that renews sends the old ticket with the new token against cross-site requests, of another second here.
time.sleep(1.1)
by_ticket.cluster.multipath.defaults.put(**{"polling-interval": 6})
answers["written while renewing"] = multipath.defaults.get()["polling-interval"]


def ended(node, upid):
    """Outcome of a task, waited for."""
    task = by_token.nodes(node).tasks(upid)
    while task.status.get()["status"] != "stopped":
        time.sleep(0.2)
    return task.status.get()["exitstatus"]


# Storages: a group on a LUN, and volumes on it.
multipath.wwids.post(wwid=empty)
by_ticket.storage.post(storage="py-san", type="multipath", shared=1)
by_ticket.storage.post(
    storage="py-data", type="lvm", vgname="py", base=f"py-san:{empty}", shared=1, saferemove=1
)
on_node = by_token.nodes("n2").storage("py-data")
volid = on_node.content.post(vmid=101, filename="vm-101-disk-0", size="16M", format="raw")
answers["storages"] = {
    "volid": volid,
    "listed": by_token.nodes("n1").storage("py-data").content.get(vmid=101),
    "path": on_node.content(volid).get()["path"],
    "status": {key: on_node.status.get()[key] for key in ("type", "active", "enabled", "shared", "used")},
    "select": [each["storage"] for each in by_token.nodes("n1").storage.get(enabled=1)],
    "noAlloc": refused(
        lambda: by_token.nodes("n1").storage("py-san").content.post(vmid=101, filename="", size="1G")
    ),
    "isBase": refused(by_ticket.storage("py-san").delete),
    "freed": ended("n2", on_node.content(volid).delete()),
    "left": on_node.content.get(),
    "scan": [each["vg"] for each in by_token.nodes("n1").scan.lvm.get() if each["vg"] == "py"],
}
for storage in ("py-data", "py-san"):
    by_ticket.storage(storage).delete()

# Work on nodes: what it did is told by its tasks.
forgotten = multipath.wwids(wwid).delete()
answers["forgotten"] = forgotten["verified"]
upid = by_token.nodes("n1").tasks.get(typefilter="lunwithdraw", limit=1)[0]["upid"]
answers["task"] = {
    "exitstatus": ended("n1", upid),
    "user": upid.split(":")[7],
    "log": [line["t"] for line in by_token.nodes("n1").tasks(upid).log.get()],
}
print(json.dumps(answers))

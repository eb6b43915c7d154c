# Runs in a container of the bare node: imports and unpacks the images on stdin, and writes what containerd keeps of them,
# as a tar, to stdout. Unpacked only, since no node ever hands an image on.
set -o errexit -o nounset
exec 3>&1 1>&2

ctr oci spec | jq 'del(.process.rlimits)' >/etc/containerd/cri-base.json

containerd >/tmp/containerd.log 2>&1 &
containerd=$!
until ctr version >/dev/null 2>&1; do
  kill -0 $containerd || { cat /tmp/containerd.log; exit 1; }
  sleep 0.1
done
ctr --namespace k8s.io images import --local --discard-unpacked-layers -
# Removing a lease is the one thing that collects garbage at once.
ctr --namespace k8s.io leases delete --sync "$(ctr --namespace k8s.io leases create)"
kill $containerd
wait $containerd || true

tar --create --sort=name --mtime=@0 --numeric-owner --directory=/ var/lib/containerd etc/containerd/cri-base.json >&3

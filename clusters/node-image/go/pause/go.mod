// The container that holds a pod's namespaces open.
module holdfast.dev/node-image/pause

go 1.26.0

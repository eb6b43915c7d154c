package holdfast

import (
	"encoding/json"

	"go.k6.io/k6/metrics"
)

// fields are the names of the values of a row, in their order.
var fields = []string{
	"seq", "due", "start", "end", "code", "err", "status", "reused", "attempt", "sport", "dst",
	"connection", "source", "protocol", "podBy", "pod", "node", "version",
}

// row is one attempt to send a request. Times are microseconds since the Unix epoch.
type row struct {
	seq              uint64
	due, start, end  int64
	code             int
	err              string
	status           int
	reused           bool
	attempt, sport   int
	dst              string
	connection       int64
	source, protocol string
	// The pod that answered.
	pod, node, version string
}

// How the pod of a row is known.
const (
	byHeader = "header"
	byNone   = "none"
)

// GetSamples lets a row pass through the channel of k6 to the output. Other outputs cannot use it.
func (r *row) GetSamples() []metrics.Sample { return nil }

// line returns the row as a JSON array in the order of fields, with times relative to epoch.
func (r *row) line(epoch int64) ([]byte, error) {
	podBy := byHeader
	if r.pod == "" {
		podBy = byNone
	}
	return json.Marshal([]any{
		r.seq, r.due - epoch, r.start - epoch, r.end - epoch, r.code, r.err, r.status, r.reused, r.attempt, r.sport, r.dst,
		r.connection, r.source, r.protocol, podBy, r.pod, r.node, r.version,
	})
}

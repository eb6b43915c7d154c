// Package holdfast makes k6 a traffic generator that can testify: a JS module that sends one request a call and knows
// the connection it used, and an output that writes one row an attempt.
package holdfast

import (
	"go.k6.io/k6/js/modules"
	"go.k6.io/k6/output"
)

func init() {
	// One k6 process is one generator: its VUs send, its output writes, and both must stop together.
	generator := newTraffic()
	modules.Register("k6/x/holdfast", &module{traffic: generator})
	output.RegisterExtension("holdfast", func(params output.Params) (output.Output, error) {
		return newRequestsFile(params, generator)
	})
}

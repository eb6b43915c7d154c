// Package holdfast turns k6 into a traffic generator whose requests can be traced. A JS module sends one request per
// call and records the connection that it used. An output writes one row per attempt.
package holdfast

import (
	"go.k6.io/k6/js/modules"
	"go.k6.io/k6/output"
)

func init() {
	// One k6 process is one generator. Its VUs send and its output writes, and both must stop together.
	generator := newTraffic()
	modules.Register("k6/x/holdfast", &module{traffic: generator})
	output.RegisterExtension("holdfast", func(params output.Params) (output.Output, error) {
		return newRequestsFile(params, generator)
	})
}

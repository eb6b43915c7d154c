// Command k6 is k6 with the holdfast extension in it, built from this module's go.sum.
package main

import (
	"go.k6.io/k6/cmd"

	_ "holdfast.dev/xk6-holdfast"
)

func main() { cmd.Execute() }

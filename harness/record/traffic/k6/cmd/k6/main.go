// Command k6 is k6 with the holdfast extension, built from the go.sum of this module.
package main

import (
	"go.k6.io/k6/cmd"

	_ "holdfast.dev/xk6-holdfast"
)

func main() { cmd.Execute() }

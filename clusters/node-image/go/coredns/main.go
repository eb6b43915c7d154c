// Command coredns is CoreDNS with only the plugins that a cluster's own names need.
package main

import (
	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/loadbalance"
	_ "github.com/coredns/coredns/plugin/log"
	_ "github.com/coredns/coredns/plugin/loop"
	_ "github.com/coredns/coredns/plugin/metrics"
	_ "github.com/coredns/coredns/plugin/ready"
	_ "github.com/coredns/coredns/plugin/reload"

	"github.com/coredns/caddy"
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"
	"github.com/coredns/coredns/plugin"
)

// kubeadm's Corefile forwards what the cluster does not know. Here that leads nowhere.
func init() {
	plugin.Register("forward", func(*caddy.Controller) error { return nil })
}

// Directives run in this order, whatever the order in a Corefile.
func main() {
	dnsserver.Directives = []string{
		"reload", "ready", "prometheus", "errors", "log", "health", "loop", "loadbalance", "cache", "kubernetes", "forward",
	}
	coremain.Run()
}

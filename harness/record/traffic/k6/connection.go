package holdfast

import (
	"context"
	"net"
	"net/http/httptrace"
	"sync"
)

// connection collects what one request did with connections. Its hooks may still be called after the request ended,
// because net/http goes on dialing for the next one.
type connection struct {
	mu       sync.Mutex
	attempts int
	got      bool
	reused   bool
	port     int
	remote   string
}

type connectionKey struct{}

// trace returns a context under which a request, and its dials, report to c.
func (c *connection) trace(ctx context.Context) context.Context {
	ctx = context.WithValue(ctx, connectionKey{}, c)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.attempts++
		},
		GotConn: func(info httptrace.GotConnInfo) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.got = true
			c.reused = info.Reused
			c.remote = info.Conn.RemoteAddr().String()
			if local, ok := info.Conn.LocalAddr().(*net.TCPAddr); ok {
				c.port = local.Port
			}
		},
	})
}

func connectionOf(ctx context.Context) *connection {
	if c, ok := ctx.Value(connectionKey{}).(*connection); ok {
		return c
	}
	return &connection{}
}

// dialed notes the port of a socket that is about to connect. A connection that the request already has stays its own:
// a dial that it started and no longer needs goes on in the background.
func (c *connection) dialed(port int, remote string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.got {
		return
	}
	c.port = port
	c.remote = remote
}

// describe fills in the row's part of c.
func (c *connection) describe(r *row) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r.attempts, r.reused, r.sport, r.dst = c.attempts, c.reused, c.port, c.remote
}

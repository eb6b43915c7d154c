package holdfast

import (
	"context"
	"errors"
	"net"
	"net/http/httptrace"
	"sync"
	"syscall"
	"time"
)

// connection is a socket that a generator bound to connect, whether or not it was connected.
type connection struct {
	// number names it within the generator; 0 as long as no port is bound.
	number int64
	port   int
	remote string

	mu sync.Mutex
	// failed is the first error that reading or writing it met.
	failed error
}

type connectionKey struct{}

// connectionOf returns the connection that a dial under ctx is to become.
func connectionOf(ctx context.Context) *connection {
	if c, ok := ctx.Value(connectionKey{}).(*connection); ok {
		return c
	}
	return &connection{}
}

func (c *connection) fail(err error) {
	if err == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed == nil {
		c.failed = err
	}
}

func (c *connection) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

type dialContext func(ctx context.Context, network, address string) (net.Conn, error)

// observed returns a dial whose connections are known to the requests that use them.
func observed(dial dialContext) dialContext {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c := &connection{}
		conn, err := dial(context.WithValue(ctx, connectionKey{}, c), network, address)
		if err != nil {
			return nil, err
		}
		return &observedConn{Conn: conn, connection: c}, nil
	}
}

// observedConn notes what breaks it: net/http tells nobody why it takes another connection for a request.
type observedConn struct {
	net.Conn
	connection *connection
}

func (c *observedConn) Read(into []byte) (int, error) {
	n, err := c.Conn.Read(into)
	c.connection.fail(err)
	return n, err
}

func (c *observedConn) Write(from []byte) (int, error) {
	n, err := c.Conn.Write(from)
	c.connection.fail(err)
	return n, err
}

// attempt is one connection that net/http took for a request, or tried to take.
type attempt struct {
	// start and end are microseconds since the Unix epoch; the end of the last attempt is its request's.
	start, end int64
	got        bool
	reused     bool
	source     string
	connection *connection
}

// attempts collects what one request did with connections. Its hooks may still be called after the request ended,
// because net/http goes on dialing for the next one.
type attempts struct {
	mu  sync.Mutex
	all []attempt
}

type attemptsKey struct{}

// trace returns a context under which a request, and its dials, report to a.
func (a *attempts) trace(ctx context.Context) context.Context {
	ctx = context.WithValue(ctx, attemptsKey{}, a)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { a.begin(time.Now().UnixMicro()) },
		GotConn: a.got,
	})
}

// begin gives the current attempt up, if there is one.
func (a *attempts) begin(now int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if last := a.last(); last != nil {
		last.end = now
	}
	a.all = append(a.all, attempt{start: now, connection: &connection{}})
}

func (a *attempts) got(info httptrace.GotConnInfo) {
	a.mu.Lock()
	defer a.mu.Unlock()
	last := a.last()
	conn, ok := info.Conn.(*observedConn)
	if last == nil || !ok {
		return
	}
	last.got, last.reused, last.connection = true, info.Reused, conn.connection
	if local, ok := info.Conn.LocalAddr().(*net.TCPAddr); ok {
		last.source = local.IP.String()
	}
}

// dialed notes a socket that is about to connect. A connection that the attempt already has stays its own: a dial that
// it started and no longer needs goes on in the background.
func (a *attempts) dialed(c *connection) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if last := a.last(); last != nil && !last.got {
		last.connection = c
	}
}

func (a *attempts) last() *attempt {
	if len(a.all) == 0 {
		return nil
	}
	return &a.all[len(a.all)-1]
}

// rows returns a row for each attempt of the request that r is of; r becomes the row of the last one.
func (a *attempts) rows(r *row) []*row {
	a.mu.Lock()
	defer a.mu.Unlock()
	r.attempt = 1
	rows := make([]*row, 0, 1)
	for i, each := range a.all {
		last := i == len(a.all)-1
		own := r
		if !last {
			own = &row{seq: r.seq, due: r.due, end: each.end}
			own.code, own.err = givenUp(each.connection.failure())
		}
		own.attempt = i + 1
		if i > 0 {
			own.start = each.start
		} else {
			own.start = r.start
		}
		own.reused, own.source = each.reused, each.source
		own.connection, own.sport, own.dst = each.connection.number, each.connection.port, each.connection.remote
		if !last {
			rows = append(rows, own)
		}
	}
	return append(rows, r)
}

// Codes of k6 (lib/netext/httpext/error_codes.go), which gives none to an attempt that net/http gives up.
const (
	codeOther      = 1000
	codeBrokenPipe = 1201
	codeReset      = 1220
)

// givenUp puts the error of a connection that net/http gave up as k6 would put it.
func givenUp(err error) (int, string) {
	switch {
	case err == nil:
		return codeOther, "given up"
	case errors.Is(err, syscall.ECONNRESET):
		return codeReset, "read: connection reset by peer"
	case errors.Is(err, syscall.EPIPE):
		return codeBrokenPipe, "write: broken pipe"
	default:
		return codeOther, err.Error()
	}
}

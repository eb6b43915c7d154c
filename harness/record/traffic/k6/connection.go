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

// connection is a socket that a generator bound in order to connect, whether or not it connected.
type connection struct {
	// number identifies the connection within the generator; 0 until a port is bound.
	number int64
	port   int
	remote string

	mu sync.Mutex
	// failed is the first error of a read or a write.
	failed error
}

type connectionKey struct{}

// connectionOf returns the connection that belongs to a dial with ctx.
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

// observed wraps a dial, so that requests know the connections that they use.
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

// observedConn records the error that breaks it, because net/http does not report why it uses another connection for a
// request.
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

// attempt is one connection that net/http used, or tried to use, for a request.
type attempt struct {
	// start and end are microseconds since the Unix epoch. The last attempt ends with its request.
	start, end int64
	got        bool
	reused     bool
	source     string
	connection *connection
}

// attempts collects the connections of one request. Its hooks may still be called after the request has ended, because
// net/http continues to dial for the next request.
type attempts struct {
	mu  sync.Mutex
	all []attempt
}

type attemptsKey struct{}

// trace returns a context in which a request and its dials report to a.
func (a *attempts) trace(ctx context.Context) context.Context {
	ctx = context.WithValue(ctx, attemptsKey{}, a)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { a.begin(time.Now().UnixMicro()) },
		GotConn: a.got,
	})
}

// begin ends the current attempt, if there is one, and starts the next.
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

// dialed records a socket that is about to connect. If the attempt already has a connection, it keeps it: an earlier
// dial that is no longer needed continues in the background.
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

// rows returns one row for each attempt of a request. r becomes the row of the last attempt.
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

// Error codes of k6 (lib/netext/httpext/error_codes.go). k6 gives none to an attempt that net/http gave up.
const (
	codeOther      = 1000
	codeBrokenPipe = 1201
	codeReset      = 1220
)

// givenUp returns the code and the text that k6 would give to the error of a connection that net/http gave up.
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

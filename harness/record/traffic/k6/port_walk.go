package holdfast

import (
	"context"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
)

// portWalk binds each new socket to the next source port of a range. A walk knows the port of every dial, answered or
// not, and comes back to a port as late as possible: the kernel's own choice returns to one within seconds, while an
// entry of conntrack that sends it to a dead pod may live for two minutes.
type portWalk struct {
	first, last int

	mu   sync.Mutex
	next int
	// bound counts the sockets, which gives each its number.
	bound atomic.Int64
}

// newPortWalk begins anywhere in the range, so that a generator does not follow in the steps of an earlier one with the
// same address.
func newPortWalk(first, last int) *portWalk {
	return &portWalk{first: first, last: last, next: first + rand.IntN(last-first+1)}
}

func (w *portWalk) take() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	port := w.next
	w.next++
	if w.next > w.last {
		w.next = w.first
	}
	return port
}

// bind is a net.Dialer.ControlContext. When every port of the range is taken it fails as the kernel does, with
// EADDRNOTAVAIL, which k6 reports as error 1213.
func (w *portWalk) bind(ctx context.Context, network, address string, socket syscall.RawConn) error {
	c := connectionOf(ctx)
	c.remote = address
	if a, ok := ctx.Value(attemptsKey{}).(*attempts); ok {
		defer a.dialed(c)
	}
	var bindErr error
	err := socket.Control(func(fd uintptr) {
		bindErr = syscall.EADDRNOTAVAIL
		for range w.last - w.first + 1 {
			port := w.take()
			err := syscall.Bind(int(fd), anyAddress(network, port))
			if err == nil {
				c.number, c.port = w.bound.Add(1), port
				bindErr = nil
				return
			}
			if err != syscall.EADDRINUSE {
				bindErr = err
				return
			}
		}
	})
	if err != nil {
		return err
	}
	if bindErr != nil {
		return os.NewSyscallError("bind", bindErr)
	}
	return nil
}

func anyAddress(network string, port int) syscall.Sockaddr {
	if strings.HasSuffix(network, "6") {
		return &syscall.SockaddrInet6{Port: port}
	}
	return &syscall.SockaddrInet4{Port: port}
}

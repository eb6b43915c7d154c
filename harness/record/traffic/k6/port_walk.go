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

// portWalk binds each new socket to the next source port of a range. So the port of every dial is known, answered or
// not, and a port is used again as late as possible. The kernel would use one again within seconds, while a conntrack
// entry that leads to a removed pod may live for two minutes.
type portWalk struct {
	first, last int

	mu   sync.Mutex
	next int
	// bound counts the sockets and gives each its number.
	bound atomic.Int64
}

// newPortWalk starts at a random port of the range, so that a generator does not repeat the ports of an earlier one
// with the same address.
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

// bind is a net.Dialer.ControlContext. If every port of the range is in use, it fails like the kernel with
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

package holdfast

import (
	"context"
	"errors"
	"net"
	"syscall"
	"testing"
)

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

func dial(t *testing.T, walk *portWalk, address string) (net.Conn, *connection, error) {
	t.Helper()
	used := &connection{}
	dialer := net.Dialer{ControlContext: walk.bind}
	conn, err := dialer.DialContext(context.WithValue(context.Background(), connectionKey{}, used), "tcp", address)
	if err == nil {
		t.Cleanup(func() { _ = conn.Close() })
	}
	return conn, used, err
}

func TestPortWalkTakesTheNextPort(t *testing.T) {
	target := listen(t).Addr().String()
	walk := newPortWalk(20_000, 29_999)
	walk.next = 20_000
	before := 0
	for range 3 {
		conn, used, err := dial(t, walk, target)
		if err != nil {
			t.Fatal(err)
		}
		if got := conn.LocalAddr().(*net.TCPAddr).Port; got != used.port {
			t.Errorf("bound port %d, noted %d", got, used.port)
		}
		if used.port <= before {
			t.Errorf("port %d came after %d", used.port, before)
		}
		before = used.port
	}
}

func TestPortWalkGoesRound(t *testing.T) {
	walk := newPortWalk(20_000, 20_002)
	walk.next = 20_002
	if first, second := walk.take(), walk.take(); first != 20_002 || second != 20_000 {
		t.Errorf("port %d came after %d", second, first)
	}
}

func TestPortWalkPassesOverATakenPort(t *testing.T) {
	target := listen(t).Addr().String()
	taken := listen(t).Addr().(*net.TCPAddr).Port
	walk := newPortWalk(taken, taken+20)
	walk.next = taken
	_, used, err := dial(t, walk, target)
	if err != nil {
		t.Fatal(err)
	}
	if used.port <= taken {
		t.Errorf("port %d is not behind the taken %d", used.port, taken)
	}
}

func TestPortWalkKnowsThePortOfARefusedDial(t *testing.T) {
	listener := listen(t)
	closed := listener.Addr().String()
	_ = listener.Close()
	_, used, err := dial(t, newPortWalk(20_000, 29_999), closed)
	if !errors.Is(err, syscall.ECONNREFUSED) {
		t.Fatalf("error is %v", err)
	}
	if used.port < 20_000 || used.remote != closed {
		t.Errorf("noted port %d to %q", used.port, used.remote)
	}
}

func TestPortWalkFailsAsTheKernelDoesWhenNoPortIsLeft(t *testing.T) {
	target := listen(t).Addr().String()
	taken := listen(t).Addr().(*net.TCPAddr).Port
	_, used, err := dial(t, newPortWalk(taken, taken), target)
	if !errors.Is(err, syscall.EADDRNOTAVAIL) {
		t.Fatalf("error is %v", err)
	}
	if used.port != 0 {
		t.Errorf("noted port %d", used.port)
	}
}

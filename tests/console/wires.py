# SPDX-License-Identifier: Apache-2.0
"""A wire between two programs, which can be cut: what a test of a network needs.

Two ways to be gone. `cut`: both ends are told, as by a firewall that resets. `hole`: nothing
comes through and nobody is told; the kernel itself drops what arrives at our sockets before it
would acknowledge it, so that the two ends find out as they would with a cable pulled: by their
own keepalives and time limits. `mend` ends either; what was stuck then goes on."""
import ctypes
import selectors
import socket
import struct
import threading

SO_ATTACH_FILTER, SO_DETACH_FILTER = 26, 27
NOTHING = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))  # BPF: return 0
PROGRAM = struct.pack("HxxxxxxP", 1, ctypes.addressof(NOTHING))
PIECE = 1 << 16


class Wire:
    """From a port of this host, which is .port, to (host, port)."""

    def __init__(self, upstream):
        self.upstream, self.pairs, self.state = upstream, [], "well"
        self.lock, self.turn = threading.RLock(), selectors.DefaultSelector()
        self.n_bytes = self.n_connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.listener.setblocking(False)
        self.wake, self.woken = socket.socketpair()
        self.turn.register(self.listener, selectors.EVENT_READ, self.accept)
        self.turn.register(self.woken, selectors.EVENT_READ, lambda: self.woken.recv(64))
        self.alive = True
        threading.Thread(target=self.run, daemon=True).start()

    # ---- what a test says ----------------------------------------------------

    def cut(self):
        """Whoever is connected is told so, and so is whoever tries."""
        with self.lock:
            self.mend()
            self.state = "cut"
            for pair in list(self.pairs):
                self.drop(pair, reset=True)

    def hole(self):
        """Nothing comes through, and nothing says so."""
        with self.lock:
            self.mend()
            self.state = "hole"
            for each in [self.listener, *(end for pair in self.pairs for end in pair.ends)]:
                each.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, PROGRAM)

    def mend(self):
        with self.lock:
            if self.state == "hole":
                for each in [self.listener, *(end for pair in self.pairs for end in pair.ends)]:
                    try:
                        each.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)
                    except FileNotFoundError:
                        pass  # it came in between, and has none
            self.state = "well"
        self.wake.send(b".")

    def close(self):
        self.alive = False
        self.wake.send(b".")

    # ---- how it is done ------------------------------------------------------

    def run(self):
        while self.alive:
            for key, events in self.turn.select():
                with self.lock:
                    if key.data == self.accept or not isinstance(key.data, End):
                        key.data()
                    elif key.data.pair in self.pairs:
                        self.move(key.data, events)
            with self.lock:
                if self.state == "hole":
                    self.rest()
        for pair in list(self.pairs):
            self.drop(pair)
        self.listener.close()

    def rest(self):
        """In a hole sockets that have something to say would keep us awake."""
        kept = list(self.turn.get_map().values())
        for key in kept:
            if isinstance(key.data, End):
                self.turn.unregister(key.fileobj)
        self.lock.release()
        try:
            while self.alive and self.state == "hole":
                self.woken.recv(64)
        finally:
            self.lock.acquire()
        for pair in self.pairs:
            for end in pair.both:
                self.watch(end)

    def accept(self):
        try:
            client, _ = self.listener.accept()
        except OSError:
            return
        if self.state == "cut":
            reset(client)
            return
        try:
            server = socket.create_connection(self.upstream, 2)
        except OSError:
            reset(client)
            return
        self.n_connections += 1
        for end in (client, server):
            end.setblocking(False)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pair = Pair(client, server)
        self.pairs.append(pair)
        for end in pair.both:
            self.watch(end)

    def watch(self, end):
        """Read while the other side takes it; write while there is something."""
        events = (selectors.EVENT_READ if len(end.other.waiting) < PIECE and not end.over else 0) | (
            selectors.EVENT_WRITE if end.waiting else 0)
        known = end.socket in self.turn.get_map()
        if known and events:
            self.turn.modify(end.socket, events, end)
        elif events:
            self.turn.register(end.socket, events, end)
        elif known:
            self.turn.unregister(end.socket)

    def move(self, end, events):
        pair = end.pair
        try:
            if events & selectors.EVENT_READ:
                got = end.socket.recv(PIECE)
                end.over = not got
                end.other.waiting += got
                self.n_bytes += len(got)
            for each in pair.both:
                if each.waiting:
                    del each.waiting[:each.socket.send(each.waiting)]
        except BlockingIOError:
            pass
        except OSError:
            self.drop(pair, reset=True)
            return
        if any(each.over and not each.other.waiting for each in pair.both):
            self.drop(pair)
            return
        for each in pair.both:
            self.watch(each)

    def drop(self, pair, reset=False):
        self.pairs.remove(pair)
        for end in pair.both:
            if end.socket in self.turn.get_map():
                self.turn.unregister(end.socket)
            (globals()["reset"] if reset else socket.socket.close)(end.socket)


class End:
    def __init__(self, pair, mine):
        self.pair, self.socket, self.waiting, self.over = pair, mine, bytearray(), False


class Pair:
    def __init__(self, client, server):
        self.both = [End(self, client), End(self, server)]
        self.both[0].other, self.both[1].other = self.both[1], self.both[0]
        self.ends = (client, server)


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()

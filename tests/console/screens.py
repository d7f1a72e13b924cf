# SPDX-License-Identifier: Apache-2.0
"""A terminal that knows what it shows, in this process: no tmux to ask, so that a look costs
microseconds and an answer's time can be measured. The letters are libvterm's, which the tests
of screens need anyhow."""
import ctypes
import os
import re
import time

import harness


class Rect(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in ("top", "bottom", "left", "right")]


def vterm():
    if not hasattr(vterm, "library"):
        library = ctypes.CDLL("libvterm.so.0")
        for name, result, words in (
                ("vterm_new", ctypes.c_void_p, [ctypes.c_int, ctypes.c_int]), ("vterm_free", None, [ctypes.c_void_p]),
                ("vterm_set_utf8", None, [ctypes.c_void_p, ctypes.c_int]), ("vterm_obtain_screen", ctypes.c_void_p, [ctypes.c_void_p]),
                ("vterm_screen_reset", None, [ctypes.c_void_p, ctypes.c_int]), ("vterm_screen_enable_altscreen", None, [ctypes.c_void_p, ctypes.c_int]),
                ("vterm_input_write", ctypes.c_size_t, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]),
                ("vterm_output_read", ctypes.c_size_t, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]),
                ("vterm_screen_get_text", ctypes.c_size_t, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, Rect])):
            call = getattr(library, name)
            call.restype, call.argtypes = result, words
        vterm.library = library
    return vterm.library


class Screen(harness.Terminal):
    """The program on a pty, and what a person would see there now."""

    def __init__(self, place, words, rows=36, cols=120, env=None, name="terminal"):
        self.rows, self.cols, self.shown, self.at = rows, cols, None, 0
        library = vterm()
        self.vt = library.vterm_new(rows, cols)
        library.vterm_set_utf8(self.vt, 1)
        self.face = library.vterm_obtain_screen(self.vt)
        library.vterm_screen_enable_altscreen(self.face, 1)
        library.vterm_screen_reset(self.face, 1)
        super().__init__(place, words, rows, cols, env, name)

    def look(self):
        """What has come is drawn; was there any? Bytes are not kept: this may run for hours."""
        while self.drink(0):
            pass
        got, self.bytes = self.bytes, b""
        if got:
            library, answer = vterm(), ctypes.create_string_buffer(4096)
            library.vterm_input_write(self.vt, got, len(got))
            n = library.vterm_output_read(self.vt, answer, 4096)
            if n:
                os.write(self.master, answer.raw[:n])
            self.shown = None
        return bool(got)

    def text(self):
        """The lines of the screen."""
        self.look()
        if self.shown is None:
            room = ctypes.create_string_buffer(self.rows * self.cols * 6)
            lines = []
            for row in range(self.rows):
                n = vterm().vterm_screen_get_text(self.face, room, len(room), Rect(row, row + 1, 0, self.cols))
                lines.append(room.raw[:n].decode("utf-8", "replace"))
            self.shown = "\n".join(lines)
        return self.shown

    def shows(self, *markers):
        text = self.text()
        return all(re.search(marker, text) for marker in markers)

    def wait_for(self, *markers, deadline=None):
        """Until all of them are there; the screen."""
        def look():
            if self.shows(*markers):
                return self.text()
            if self.process.poll() is not None:
                raise AssertionError("the program ended (%s) before %r: %s\n%s" % (self.process.returncode, markers, self.said(), self.text()))
            return None
        return harness.wait_for(look, "the sight of %r" % (markers,), deadline, lambda: "the screen is:\n" + self.text())

    def time_to(self, *markers, deadline=None):
        """Seconds until they are there, looked at whenever something was written."""
        began = time.monotonic()
        until = began + (deadline or harness.DEADLINE)
        while not self.shows(*markers):
            if time.monotonic() > until:
                raise AssertionError("waited in vain for %r; the screen is:\n%s" % (markers, self.text()))
            self.drink(0.5)
        return time.monotonic() - began

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)
        vterm().vterm_free(self.vt)

# SPDX-License-Identifier: Apache-2.0
"""Somebody at a console who acts on alerts, one after the other, and remembers what the screen
confirmed. A turn takes no time: whoever plays several in one loop calls turn() of each."""
import random
import re
import time

from screens import Screen

# What the last line says when an act was not done.
REFUSED = r"None was done|broke off|does not answer|was first|is busy|already|does not apply|nothing of this|is theirs|fails|not yours|nobody|0 alerts|refused|no alert|'s\b"
PATIENCE_S = 60


def never():
    return False


class Analyst:
    def __init__(self, soak, k, config):
        self.k, self.ids = k, []
        self.rng = random.Random(soak.seed * 100 + k)
        self.screen = Screen(soak.place, ["console", "--config", config, "--lang", "en"], name="console-%d" % k)
        self.confirmed, self.refused, self.unknown = [], [], []
        self.n_notes, self.leaving, self.waits, self.until = 0, False, None, 0.0
        self.story = self.shift()

    # ---- turns -----------------------------------------------------------------

    def turn(self):
        """What it waits for may have come, or will not."""
        if self.story is None:
            return
        came = self.waits is None or self.waits()
        if not came and time.monotonic() < self.until:
            self.screen.look()
            return
        try:
            self.waits, patience = self.story.send(bool(came) if self.waits is not None else None)
            self.until = time.monotonic() + patience
        except StopIteration:
            self.story = None

    def last_line(self):
        return self.screen.text().rstrip("\n").rsplit("\n", 1)[-1]

    # ---- the work ---------------------------------------------------------------

    def shift(self):
        if self.screen.process.poll() is not None:
            raise AssertionError("the console ended: " + self.screen.said())
        yield lambda: self.screen.shows(r"4 Queue"), PATIENCE_S
        while not self.leaving:
            yield never, self.rng.uniform(0.1, 0.8)  # to think
            if len(self.ids) < 4 or self.leaving:
                continue
            if self.rng.random() < 0.15:
                yield from self.many()
            else:
                yield from self.one()

    def show(self, text):
        """The queue, narrowed; False where that does not come about."""
        self.screen.keys("\x1b")
        yield never, 0.3  # an Escape and what follows at once are one key
        self.screen.keys("4/\x15" + text + "\r")
        here = yield lambda: self.screen.shows("/" + re.escape(text)) and self.screen.shows("▸"), 10
        return here and not self.screen.shows("No alert passes")

    def one(self):
        id_ = self.rng.choice(self.ids)
        if not (yield from self.show("id = %d" % id_)):
            return
        act = self.rng.choice(["claim", "claim", "release", "note", "note", "note", "acknowledge", "close"])
        if act == "close" and len(self.ids) < 20 and self.rng.random() < 0.8:
            act = "note"
        yield from self.act(act, [id_])

    def many(self):
        ids = self.rng.sample(self.ids, 3)
        if not (yield from self.show("id in [%d, %d, %d]" % tuple(ids))):
            return
        self.screen.keys("&")
        if not (yield lambda: self.screen.shows(r"3 marked"), 5):
            return
        yield from self.act("note", ids)

    def act(self, act, ids):
        word, keys, text = {"claim": ("Claimed", "C", ""), "release": ("Released", "R", ""), "acknowledge": ("Acknowledged", "a", ""),
            "note": ("Noted", "n", "console %d, note %d" % (self.k, self.n_notes)), "close": ("Closed", "c", "")}[act]
        done = word + (r": #%d\b" % ids[0] if len(ids) == 1 else r": %d alerts" % len(ids))
        self.screen.keys(keys)
        if text:
            self.n_notes += 1
            if not (yield lambda: self.screen.shows(r"note.*:"), 10):
                return
            self.screen.keys(text + "\r")
        elif act == "close":
            if not (yield lambda: self.screen.shows(r"3  false positive"), 10):
                return
            self.screen.keys("3")
        if len(ids) > 1:
            if not (yield lambda: self.screen.shows(r"1  do it"), 10):
                return
            self.screen.keys("1")
        yield lambda: re.search(done, self.last_line()) or re.search(REFUSED, self.last_line()), PATIENCE_S
        said = self.last_line().strip()
        if re.search(done, said):
            self.confirmed.append(("ack" if act == "acknowledge" else act, ids, text))
        elif re.search(REFUSED, said):
            self.refused.append((act, ids, text, said))
        else:
            self.unknown.append((act, ids, text, self.screen.text()))

    # ---- the end ------------------------------------------------------------------

    def finish(self):
        """What was begun is done; then the console ends, and well."""
        self.leaving = True
        until = time.monotonic() + 3 * PATIENCE_S
        while self.story is not None:
            assert time.monotonic() < until, "an act without an end; the screen is:\n" + self.screen.text()
            self.turn()
            self.screen.drink(0.05)
        self.screen.keys("\x1b")
        until = time.monotonic() + 0.4
        while time.monotonic() < until:  # … as here
            self.screen.drink(0.05)
        self.screen.keys("Q")
        code = self.screen.wait_end()
        assert code == 0, "console %d ended with %d" % (self.k, code)

    def close(self):
        self.screen.close()

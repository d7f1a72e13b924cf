# SPDX-License-Identifier: Apache-2.0
"""What test_several_organisations.py asks of files, of schemas on a PostgreSQL; and that
the program of an analyst of one organisation goes nowhere else."""
import subprocess

import harness
import test_several_organisations as files
import test_team_store


class Team(files.Organisations):
    make_place = test_team_store.Place

    def test_nothing_of_one_is_in_the_other_s_lists(self):
        self.nothing_crosses()
        self.assertIn("no organisation acmee", self.of("acmee", "alerts", "new", "--title", "x", "--subject", "y", code=1).err)
        self.assertEqual(self.place.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'org%' ORDER BY 1"), [("org_acme",), ("org_beta",)])

    def test_a_token_of_one_opens_no_other_door(self):
        self.doors_are_apart()


class Roles(files.Organisations):
    make_place = test_team_store.Place

    def as_user(self, user, *words, code=0):
        mine, self.place.store = self.place.store, self.place.store.replace("user=centinela", "user=" + user)
        try:
            return self.of(*words[:1], *words[1:], code=code)
        finally:
            self.place.store = mine

    def test_an_analyst_of_one_goes_nowhere_else(self):
        self.of("acme", "alerts", "new", "--title", "Of A", "--subject", "ana")
        self.of("beta", "alerts", "new", "--title", "Of B", "--subject", "bea")
        sql = self.of("acme", "store", "roles").out
        self.assertNotIn("beta", sql)
        for statement in (sql, sql, self.of(None, "store", "roles").out, 'CREATE ROLE ana LOGIN IN ROLE "centinela_acme_analyst"', 'CREATE ROLE jefa LOGIN IN ROLE "centinela_acme_viewer", "centinela_beta_viewer", centinela_viewer'):
            ran = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", self.place.server, "-U", "centinela", "-d", "postgres"], input=statement, text=True,
                capture_output=True)
            self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertIn("Of A", self.as_user("ana", "acme", "alerts").out)
        self.as_user("ana", "acme", "alerts", "note", "1", "--note", "seen")
        for words in (("alerts",), ("alerts", "note", "1", "--note", "x"), ("audit",), ("export", "case", "1"), ("token", "create", "t"), ("sync", "--once"), ("calls",)):
            ran = self.as_user("ana", "beta", *words, code=1)
            self.assertIn("no organisation beta", ran.err)
            self.assertNotIn("Of B", ran.out + ran.err)
        self.assertEqual(self.as_user("ana", "acme", "store", "migrate", "--to", self.place.store.replace("user=centinela", "user=ana") + "#organisation=beta", code=1).out, "")
        listed = [[row["key"] for row in self.as_user(who, None, "organisation", "list", "--json").json()] for who in ("ana", "jefa")]
        self.assertEqual(listed, [["acme"], ["acme", "beta"]])
        for words in (("organisation", "add", "gamma"), ("organisation", "remove", "beta", "--with-everything"), ("organisation", "add", "beta", "--name", "Mine")):
            self.as_user("ana", None, *words, code=1)
        self.assertEqual([(row["key"], row["name"]) for row in self.of(None, "organisation", "list", "--json").json()], [("acme", "Acme S.A."), ("beta", "Bodegas Ñandú")])
        self.assertIn("Of B", self.of("beta", "alerts").out)
        if not harness.have("tmux"):
            return
        # Who may read both looks at both, and goes to one; the database holds her from acts.
        tmux = harness.Tmux(self.place, "'%s' --organisation all --config '%s' --store '%s' --lang en" % (harness.PROGRAM, self.config,
            self.place.store.replace("user=centinela", "user=jefa")), 120, 36)
        self.addCleanup(tmux.kill)
        tmux.wait(r"all organisations", r"Acme S\.A\. +●1", r"Bodegas Ñandú +●1")
        tmux.keys("j")
        tmux.wait(r"▸Bodegas")
        tmux.keys("Enter")
        tmux.wait(r"CENTINELA +Bodegas Ñandú", r"Of B")
        tmux.keys("R")
        tmux.wait(r"does not allow this")


if __name__ == "__main__":
    harness.main()

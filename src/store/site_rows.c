/* SPDX-License-Identifier: Apache-2.0
 *
 * Which names belong to which site. A record says both, its site's UUID and the
 * name of that day; rows hold the name. Nearly every leg repeats a pair that is
 * known, so the table is written a few times in its life. */
#include <string.h>

#include "base/text.h"
#include "store/store.h"

#define UUID_LENGTH 36

static bool write_pair(struct store *store, struct span uuid, int32_t name_id, struct fault *fault)
{
	struct db *db = &store->db;
	struct statement *st = db_statement(db, "INSERT INTO site_names (uuid, name_id) VALUES ($1, $2) ON CONFLICT (uuid, name_id) DO NOTHING", fault);
	if (st == NULL)
		return false;
	db_bind(db, st, "Ti", uuid.p, (size_t)uuid.n, (int64_t)name_id);
	return db_run(db, st, fault);
}

bool site_rows_write(struct store *store, const struct page *page, struct fault *fault)
{
	struct span last = { NULL, 0 };
	int32_t last_name = 0;
	for (size_t i = 0; i < page->n_legs; i++) {
		const struct page_leg *l = &page->legs[i];
		struct span uuid = l->cdr.field[CDR_F_SITE_UUID];
		if (l->fate == FATE_SEEN || l->leg.location_id == 0 || uuid.n != UUID_LENGTH)
			continue;
		if (l->leg.location_id == last_name && last.n == uuid.n && memcmp(last.p, uuid.p, uuid.n) == 0)
			continue;
		last = uuid;
		last_name = l->leg.location_id;
		char key[UUID_LENGTH + sizeof last_name];
		char plain[64];
		if (text_printable(plain, sizeof plain, uuid.p, uuid.n) != UUID_LENGTH || memcmp(plain, uuid.p, UUID_LENGTH) != 0)
			continue; /* no UUID has anything to hide */
		memcpy(key, plain, UUID_LENGTH);
		memcpy(key + UUID_LENGTH, &last_name, sizeof last_name);
		bool is_new;
		map_put_n(&store->site_names, key, sizeof key, &is_new)->number = 1;
		if (is_new && !write_pair(store, uuid, last_name, fault))
			return false;
	}
	return true;
}

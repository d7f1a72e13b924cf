/* SPDX-License-Identifier: Apache-2.0
 *
 * The log may grow while the mover works; it starts anew only when all of it
 * was moved and the next commit comes. A writer that is faster than the disk
 * is therefore stopped at a second limit until the mover has caught up. */
#include "store/engine_sqlite_wal.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "base/base.h"
#include "base/mem.h"

struct wal_keeper {
	sqlite3 *writer;
	char *path;
	struct wal_limits limits;
	pthread_t thread;
	bool started; /* the writer's thread alone asks */
	pthread_mutex_t lock;
	pthread_cond_t news, done;
	/* Under the lock: */
	unsigned long asked, answered; /* requests to move, and those done */
	bool ending, unable;	       /* unable: the mover could not open the store */
};

/* What can be moved without waiting for anybody: not what a reader still
 * needs, and nothing while another process moves. It comes next time. A disk
 * that fails here fails at the next commit too, and is told there. */
static void move(sqlite3 *db)
{
	(void)sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static void *work(void *arg)
{
	struct wal_keeper *keeper = arg;
	sqlite3 *db = NULL;
	bool open = sqlite3_open_v2(keeper->path, &db, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
	    sqlite3_exec(db, "PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64", NULL, NULL, NULL) == SQLITE_OK;
	pthread_mutex_lock(&keeper->lock);
	keeper->unable = !open;
	while (!keeper->ending) {
		if (keeper->asked == keeper->answered) {
			pthread_cond_wait(&keeper->news, &keeper->lock);
			continue;
		}
		unsigned long request = keeper->asked;
		pthread_mutex_unlock(&keeper->lock);
		if (open)
			move(db);
		pthread_mutex_lock(&keeper->lock);
		keeper->answered = request;
		pthread_cond_signal(&keeper->done);
	}
	pthread_mutex_unlock(&keeper->lock);
	sqlite3_close(db);
	return NULL;
}

static bool started(struct wal_keeper *keeper)
{
	if (!keeper->started)
		keeper->started = pthread_create(&keeper->thread, NULL, work, keeper) == 0;
	return keeper->started;
}

/* The writer rests, so that one more pass reaches the end of the log. */
static void catch_up(struct wal_keeper *keeper)
{
	pthread_mutex_lock(&keeper->lock);
	unsigned long request = ++keeper->asked;
	pthread_cond_signal(&keeper->news);
	while (keeper->answered < request)
		pthread_cond_wait(&keeper->done, &keeper->lock);
	pthread_mutex_unlock(&keeper->lock);
}

static bool is_unable(struct wal_keeper *keeper)
{
	pthread_mutex_lock(&keeper->lock);
	bool unable = keeper->unable;
	pthread_mutex_unlock(&keeper->lock);
	return unable;
}

static int on_commit(void *arg, sqlite3 *db, const char *name, int n_pages)
{
	struct wal_keeper *keeper = arg;
	UNUSED(name);
	if (n_pages < keeper->limits.worth_moving)
		return SQLITE_OK;
	if (!started(keeper) || is_unable(keeper)) {
		move(db); /* as SQLite does by itself */
		return SQLITE_OK;
	}
	if (n_pages >= keeper->limits.stop_at) {
		catch_up(keeper);
		return SQLITE_OK;
	}
	pthread_mutex_lock(&keeper->lock);
	if (keeper->asked == keeper->answered) {
		keeper->asked++;
		pthread_cond_signal(&keeper->news);
	}
	pthread_mutex_unlock(&keeper->lock);
	return SQLITE_OK;
}

struct wal_keeper *wal_keeper_new(sqlite3 *writer, const char *path, struct wal_limits limits)
{
	struct wal_keeper *keeper = mem_zalloc(sizeof *keeper);
	keeper->writer = writer;
	keeper->path = mem_strdup(path);
	keeper->limits = limits;
	pthread_mutex_init(&keeper->lock, NULL);
	pthread_cond_init(&keeper->news, NULL);
	pthread_cond_init(&keeper->done, NULL);
	sqlite3_wal_hook(writer, on_commit, keeper);
	return keeper;
}

void wal_keeper_free(struct wal_keeper *keeper)
{
	if (keeper == NULL)
		return;
	sqlite3_wal_hook(keeper->writer, NULL, NULL);
	if (keeper->started) {
		pthread_mutex_lock(&keeper->lock);
		keeper->ending = true;
		pthread_cond_signal(&keeper->news);
		pthread_mutex_unlock(&keeper->lock);
		pthread_join(keeper->thread, NULL);
	}
	pthread_mutex_destroy(&keeper->lock);
	pthread_cond_destroy(&keeper->news);
	pthread_cond_destroy(&keeper->done);
	free(keeper->path);
	free(keeper);
}

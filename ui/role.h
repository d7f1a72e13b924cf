/* SPDX-License-Identifier: Apache-2.0
 *
 * What a cell means. One list makes the enum, the names that a theme file
 * uses and the letters of the role plane in tests/screens. */
#ifndef UI_ROLE_H
#define UI_ROLE_H

/* enum, name in a theme, letter, attributes where there is no colour */
#define ROLES(row)                                                \
	row(ROLE_TEXT, "text", ' ', 0)                            \
	row(ROLE_DIM, "dim", 'd', 0)                              \
	row(ROLE_STRONG, "strong", 't', STYLE_BOLD)               \
	row(ROLE_TITLE, "title", 'T', STYLE_BOLD)                 \
	row(ROLE_BORDER, "border", 'b', 0)                        \
	row(ROLE_BORDER_FOCUS, "border.focus", 'B', STYLE_BOLD)   \
	row(ROLE_BRAND, "brand", 'R', STYLE_BOLD)                 \
	row(ROLE_HEADER, "header", 'h', 0)                        \
	row(ROLE_TAB, "tab", 'a', 0)                              \
	row(ROLE_TAB_ON, "tab.on", 'A', STYLE_BOLD | STYLE_UNDERLINE) \
	row(ROLE_COLUMN, "column", 'c', 0)                        \
	row(ROLE_LOW, "severity.low", '1', 0)                     \
	row(ROLE_MEDIUM, "severity.medium", '2', 0)               \
	row(ROLE_HIGH, "severity.high", '3', STYLE_BOLD)          \
	row(ROLE_CRITICAL, "severity.critical", '4', STYLE_BOLD | STYLE_REVERSE) \
	row(ROLE_STATE_NEW, "state.new", 'n', STYLE_BOLD)         \
	row(ROLE_STATE_IN_PROGRESS, "state.in_progress", 'i', 0)  \
	row(ROLE_STATE_SNOOZED, "state.snoozed", 'z', 0)          \
	row(ROLE_STATE_CLOSED, "state.closed", 'x', 0)            \
	row(ROLE_LIVE_RINGING, "live.ringing", 'r', 0)            \
	row(ROLE_LIVE_UP, "live.up", 'u', 0)                      \
	row(ROLE_LIVE_HELD, "live.held", 'l', 0)                  \
	row(ROLE_CHART, "chart", 'g', 0)                          \
	row(ROLE_CHART_NOW, "chart.now", 'G', STYLE_BOLD)         \
	row(ROLE_OK, "ok", 'o', 0)                                \
	row(ROLE_WARN, "warn", 'w', STYLE_BOLD)                   \
	row(ROLE_ERROR, "error", 'e', STYLE_BOLD)                 \
	row(ROLE_KEY, "key", 'k', STYLE_BOLD)                     \
	row(ROLE_KEY_TEXT, "key.text", 'K', 0)                    \
	row(ROLE_PROMPT, "prompt", 'p', 0)                        \
	row(ROLE_PROMPT_LABEL, "prompt.label", 'P', STYLE_BOLD)   \
	row(ROLE_FILTER_FIELD, "filter.field", 'f', STYLE_BOLD)   \
	row(ROLE_FILTER_OPERATOR, "filter.operator", 'q', 0)      \
	row(ROLE_FILTER_VALUE, "filter.value", 'v', STYLE_UNDERLINE) \
	row(ROLE_MONEY, "money", '$', 0)                          \
	row(ROLE_NUMBER, "number", '#', 0)                        \
	row(ROLE_MENU, "menu", 'y', 0)                            \
	row(ROLE_LANE, "lane", '|', 0)                            \
	row(ROLE_ARROW, "arrow", '>', STYLE_BOLD)                 \
	row(ROLE_JSON_KEY, "json.key", 'j', 0)                    \
	row(ROLE_JSON_VALUE, "json.value", 'J', STYLE_BOLD)       \
	row(ROLE_QR, "qr", 'Q', STYLE_REVERSE)                     \
	row(ROLE_SELECTED, "selected", 's', STYLE_REVERSE)        \
	row(ROLE_MARKED, "marked", 'm', STYLE_UNDERLINE)

enum style_attr {
	STYLE_BOLD = 1 << 0,
	STYLE_DIM = 1 << 1,
	STYLE_ITALIC = 1 << 2,
	STYLE_UNDERLINE = 1 << 3,
	STYLE_REVERSE = 1 << 4,
};

enum role {
#define ROLE_ENUM(id, name, letter, mono) id,
	ROLES(ROLE_ENUM)
#undef ROLE_ENUM
	N_ROLES
};

const char *role_name(enum role);
char role_letter(enum role);

#endif

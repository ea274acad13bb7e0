/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the filter share: text -> tokens (filter_lex.c) -> tree of
 * tests (filter_parse.c, filter_value.c) -> tests with jumps (filter.c).
 *
 * A compiled filter is its tests, each with the test to go on with when it
 * holds and when it does not: and, or and not are gone, a match neither
 * recurses nor allocates.
 */
#ifndef DNSTOP_QUERY_FILTER_INTERNAL_H
#define DNSTOP_QUERY_FILTER_INTERNAL_H

#include <regex.h>

#include "core/query/filter.h"

#define FILTER_TEXT_MAX  65536 /* bytes of a filter */
#define FILTER_MAX_TESTS 512
#define FILTER_MAX_DEPTH 64 /* of parentheses */
#define FILTER_MAX_MEMOS 16

/* ---- filter_lex.c */

enum token_kind {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_STRING, /* "..." or '...' */
	TOKEN_REGEX,  /* /.../ */
	TOKEN_OP,     /* op says which */
	TOKEN_AND,    /* && & */
	TOKEN_OR,     /* || | */
	TOKEN_NOT,    /* ! */
	TOKEN_OFF,    /* # before a test */
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_SET_OPEN,
	TOKEN_SET_CLOSE,
	TOKEN_COMMA,
	TOKEN_UNCLOSED, /* a string or regex without its end */
	TOKEN_BAD,      /* a control character */
};

enum filter_op {
	OP_EQ,
	OP_NE,
	OP_LT,
	OP_LE,
	OP_GT,
	OP_GE,
	OP_GLOB,
	OP_NOT_GLOB,
	OP_CONTAINS,
	OP_MATCHES,
	OP_IN,
	OP_COUNT,
	OP_UNKNOWN = OP_COUNT, /* "=~" and the like */
};

struct token {
	enum token_kind kind;
	enum filter_op op;
	int pos; /* of its bytes in the text, quotes included */
	int len;
};

/* Splits text into at most len + 1 tokens, the last one TOKEN_END; returns
 * their number. What is wrong becomes a token, so that the parser tells the
 * first mistake first. */
int filter_lex(const char *text, int len, struct token *out);

/* ---- filter_words.c */

struct op_info {
	const char *symbol;
	const char *word; /* Wireshark's, NULL when there is none */
	const char *help;
};

extern const struct op_info filter_ops[OP_COUNT];

/* A test by itself: "unanswered". */
struct predicate {
	const char *name;
	const char *aliases[2]; /* Wireshark's and short names, or NULL */
	const char *help;
	/* What holds of the row, and what of its name; NULL: that is not asked. */
	bool (*row)(const struct row_source *src, const struct flow *f);
	bool (*qname)(const struct row_source *src, const char *name, size_t len);
};

/* A field of both ends: "port". */
struct either_end {
	const char *name;
	const char *client; /* the fields it stands for */
	const char *server;
	const char *help;
	/* Rows that have the fact at all; NULL: all. */
	bool (*guard)(const struct row_source *src, const struct flow *f);
};

/* Tables ended by a NULL name; the first is filter_predicates.c's. */
extern const struct predicate filter_predicates[];
extern const struct either_end filter_either_ends[];

const struct predicate *filter_predicate_find(const char *name, size_t len);
const struct either_end *filter_either_end_find(const char *name, size_t len);
/* The operator of a word ("eq", "contains"), OP_UNKNOWN when it is none. */
enum filter_op filter_op_find(const char *word, size_t len);
/* What was probably meant by an operator nobody knows ("=~"), or NULL. */
const char *filter_op_suggest(const char *text, size_t len);
/* A field, predicate or either-end name near to a misspelt one, or NULL. */
const char *filter_name_suggest(const char *name, size_t len);

/* The operators that go with a field, as bits 1 << enum filter_op. */
unsigned filter_ops_of(const struct field *fd);
/* Its values are compared as texts under this operator, not as numbers. */
bool filter_is_textual(const struct field *fd, enum filter_op op);

/* A word of the user's as it may stand in a message: cut, control bytes gone. */
#define QUOTED_MAX 64
const char *filter_quote(char buf[QUOTED_MAX], const char *text, size_t len);

/* ---- filter_pattern.c */

enum pattern_kind {
	PATTERN_EQUAL,
	PATTERN_CONTAINS,
	PATTERN_GLOB,
	PATTERN_REGEX,
};

struct pattern {
	enum pattern_kind kind;
	bool or_ends;     /* PATTERN_CONTAINS: also at the end but for the last byte, a dot */
	const char *text; /* the filter's; not for a regex */
	size_t len;
	regex_t regex;
};

/* Room that pattern_init needs at out for len bytes. */
#define PATTERN_ROOM(len) (4 * (size_t)(len) + 1)

/* Makes a pattern of what the user wrote, in the form the table's texts have;
 * name: they are domain names. The result refers to out. */
void pattern_init(struct pattern *p, enum pattern_kind kind, bool name, const char *text,
		  size_t len, char *out);
/* The same for a regular expression of len bytes. On failure err has its code
 * and text, and the place of the text in [pos, pos + len). */
int pattern_init_regex(struct pattern *p, const char *text, size_t len, int pos, struct err *err);
void pattern_fini(struct pattern *p);
bool pattern_matches(const struct pattern *p, const char *text, size_t len);

/* ---- filter.c */

/* Numbers and addresses alike. */
struct key128 {
	uint64_t high;
	uint64_t low;
};

struct range {
	struct key128 low;
	struct key128 high; /* included */
};

enum test_kind {
	TEST_ROW,     /* a predicate */
	TEST_NAME,    /* a predicate of the name asked for */
	TEST_PRESENT, /* the fact is there */
	TEST_RANGES,  /* a number or address in one of the ranges */
	TEST_TEXTS,   /* a text, or an item of a list, that one of the patterns matches */
};

#define FILTER_ACCEPT  0xfffe /* instead of a next test */
#define FILTER_REJECT  0xffff
#define FILTER_NO_MEMO -1

struct test {
	uint8_t kind;
	bool negated; /* none of them; false all the same where the fact is absent */
	int16_t memo; /* index of the verdicts remembered, or FILTER_NO_MEMO */
	uint16_t yes; /* the test to go on with */
	uint16_t no;
	uint32_t first; /* of the filter's ranges or patterns */
	uint32_t count;
	const struct field *field;
	union {
		bool (*row)(const struct row_source *src, const struct flow *f);
		bool (*qname)(const struct row_source *src, const char *name, size_t len);
	} holds;
};

/* Two bits an interned id: judged, and how. */
struct memo {
	const struct field *field;
	const struct intern *store;
	uint32_t generation;
	uint32_t limit; /* ids below it have room */
	uint8_t *bits;
};

struct filter {
	struct test *tests;
	struct range *ranges;
	struct pattern *patterns;
	char *texts;
	uint16_t entry;
	uint32_t n_tests;
	uint32_t n_ranges;
	uint32_t n_patterns;
	size_t texts_len;
	int n_memos;
	struct memo memos[FILTER_MAX_MEMOS];
};

bool key128_less(struct key128 a, struct key128 b);
struct key128 key128_of_addr(const struct ip_addr *a);

/* A test's ranges in order and without overlap, as matching needs them. */
void filter_order_ranges(struct filter *f, struct test *t);

/* filter_match in two: filter_begin before a run over rows during which the
 * table does not change, filter_run for each. f is not NULL. */
void filter_begin(struct filter *f, const struct row_source *src);
bool filter_run(struct filter *f, const struct row_source *src, const struct flow *row);

/* ---- filter_tree.c */

/* The tree of tests while it is parsed. Children stand in the order of falling
 * cost, as they are compiled from the last one to the first. */
enum node_kind {
	NODE_TEST,
	NODE_AND,
	NODE_OR,
	NODE_NOT,
};

struct node {
	enum node_kind kind;
	unsigned cost;
	uint16_t test;
	struct node *child;
	struct node *next;
};

/* A test is at most five nodes: and, its guard, or, both ends. */
#define FILTER_MAX_NODES (5 * FILTER_MAX_TESTS)

/* What makes a node returns NULL when there are too many tests. */
struct tree {
	struct filter *f;
	struct node *nodes;
	int n_nodes;
};

struct node *tree_test(struct tree *tree, struct test t);
struct node *tree_not(struct tree *tree, struct node *child);
/* first joined with second; a node of that kind just takes one more. */
struct node *tree_join(struct tree *tree, enum node_kind kind, struct node *first,
		       struct node *second);
/* Gives the tests of a tree their jumps; returns where to begin. */
uint16_t tree_compile(struct filter *f, const struct node *root);

/* ---- filter_value.c */

/* What a test is about. */
struct subject {
	const struct field *field;
	const struct field *other; /* of the other end, or NULL */
	/* What else must hold, or NULL. */
	bool (*guard)(const struct row_source *src, const struct flow *f);
	uint64_t bare_ns;
	const char *name; /* as the user wrote it */
	size_t name_len;
};

struct parser {
	const char *text;
	const struct token *tokens;
	const struct token *at; /* the next one */
	uint64_t now_ns;
	const struct field *qname;
	struct filter *f;
	char *scratch; /* as long as the text */
	int depth;
	struct tree tree;
	struct node off;           /* stands for a test that is switched off */
	struct operands *operands; /* what the outermost joins, for chips; NULL: nobody asks */
	struct err *err;
};

/* Reads the values after an operator, whose token is at[-1], into test.
 * Returns 0, or a negative errno with the parser's err filled. */
int filter_read_values(struct parser *p, const struct subject *s, enum filter_op op,
		       struct test *test);
/* Makes `test` a test of qname by a bare word, string or regex, which it takes. */
int filter_read_bare(struct parser *p, struct test *test);

/* An unquoted word, case ignored. */
bool token_is_word(const struct parser *p, const struct token *t, const char *word);
/* Whether a token is "and", "or" or "not", by word or sign. */
bool token_is_and(const struct parser *p, const struct token *t);
bool token_is_or(const struct parser *p, const struct token *t);
bool token_is_not(const struct parser *p, const struct token *t);
/* Reports a token that can't stand where it does; `expected` completes
 * "expected ...". Returns -EINVAL. */
int token_unexpected(struct parser *p, const struct token *t, const char *expected);

/* ---- filter_chips.c */

/* An operand of "and" outside all parentheses: bytes of the text, and the number of
 * the operand of "or" that it is part of. */
struct operand {
	int start;    /* where it begins, with its "#" */
	int pos, len; /* without */
	int chain;
	bool off;
	bool grouped; /* in parentheses, and nothing else */
};

/* A number without its unit. */
struct bare_number {
	int end; /* of its bytes */
	const char *unit;
};

#define OPERANDS_MAX 64

struct operands {
	int n, chains;
	bool overflow; /* there were more */
	struct operand at[OPERANDS_MAX];
	int n_bare;
	struct bare_number bare[OPERANDS_MAX];
};

/* filter_parse, which also tells the operands where they are asked for. */
int filter_parse_operands(const char *text, uint64_t now_ns, struct filter **out,
			  struct operands *operands, struct err *err);
/* A bare number that ends at byte `end` counts in units of bare_ns. */
void operands_note_bare(struct operands *o, int end, uint64_t bare_ns);

#endif

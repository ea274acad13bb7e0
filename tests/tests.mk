# SPDX-License-Identifier: BSD-2-Clause
# Fuzzing and lint. The Makefile includes this.

# --- fuzz ---------------------------------------------------------------------
# tests/fuzz/fuzz_x.c with its seeds in tests/fuzz/corpus/x. An engine needs
# clang (libclang-rt-dev); the replay of the seeds any compiler.
FUZZ         := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SECONDS ?= 60
FUZZ_OUT     := build/fuzz
FUZZ_SAN     := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined \
                -fno-omit-frame-pointer

$(O)/tests/fuzz/fuzz_%: $(O)/tests/fuzz/fuzz_%.o $(O)/libcore.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(PKG_LIBS)

$(O)/tests/fuzz/replay_%: $(O)/tests/fuzz/replay.o $(O)/tests/fuzz/fuzz_%.o $(O)/libcore.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

# One after the other: `make fuzz FUZZ=wire` for one alone. What they find is in
# build/fuzz/found; a file that made one fail goes to its corpus with the fix.
fuzz:
	$(Q)$(MAKE) --no-print-directory O=$(FUZZ_OUT) CC=$(CLANG) OPT='-O1 -g' \
		SANFLAGS='$(FUZZ_SAN)' fuzz-run

fuzz-run: $(FUZZ:%=$(O)/tests/fuzz/fuzz_%)
	$(Q)failed=; for name in $(FUZZ); do \
		mkdir -p $(O)/found/$$name && \
		$(O)/tests/fuzz/fuzz_$$name -max_total_time=$(FUZZ_SECONDS) -timeout=5 -max_len=4096 \
			-rss_limit_mb=1024 -artifact_prefix=$(O)/found/$$name- -print_final_stats=1 \
			$(O)/found/$$name tests/fuzz/corpus/$$name || failed="$$failed $$name"; \
	done; if [ "$$failed" ]; then echo "found something:$$failed"; exit 1; fi

fuzz-replay: $(FUZZ:%=$(O)/tests/fuzz/replay_%)
	$(Q)for name in $(FUZZ); do \
		$(O)/tests/fuzz/replay_$$name tests/fuzz/corpus/$$name || exit 1; \
	done

-include $(wildcard $(O)/tests/fuzz/*.d)

# --- lint ---------------------------------------------------------------------
LINT_TIDY := $(CORE_SRC) $(APP_SRC)
LINT_ALL  := $(LINT_TIDY) $(wildcard bpf/*.[ch] core/*/*.h app/*.h plain/*.h tui/*.h tui/*/*.h \
             tools/*.[ch] tests/*/*.[ch])
LINT_SH   := $(shell grep -slE '^\#!/bin/(ba)?sh' .ci/* tools/* tests/* tests/*/* 2>/dev/null)

# Each is told by itself, as `make -k lint` shows all that is wrong at once.
lint: lint-format lint-layers lint-size lint-sh lint-cppcheck lint-tidy

lint-format:
	$(call say,LINT,clang-format)
	$(Q)clang-format --dry-run -Werror $(LINT_ALL)

lint-layers:
	$(call say,LINT,layers)
	$(Q)tools/check-layers

lint-size:
	$(call say,LINT,size)
	$(Q)tools/check-size

lint-sh:
	$(call say,LINT,sh)
	$(Q)for script in $(LINT_SH); do sh -n $$script || exit 1; done

# Uninitialised variables are clang-tidy's: cppcheck takes callees for blind. It
# reads no system headers, so libbpf's declaring macro has to be told.
lint-cppcheck:
	$(call say,LINT,cppcheck)
	$(Q)cppcheck -q -j2 --std=c11 --enable=warning,performance,portability --inline-suppr \
		--error-exitcode=1 -I. -D_GNU_SOURCE --suppress=missingIncludeSystem \
		'-DLIBBPF_OPTS(type,name,...)=struct type name = { __VA_ARGS__ }' \
		--suppress=uninitvar --suppress=uninitStructMember $(LINT_TIDY)

lint-tidy: $(SKEL)
	$(call say,LINT,clang-tidy)
	$(Q)printf '%s\n' $(LINT_TIDY) | xargs -P2 -I FILE clang-tidy --quiet FILE -- \
		$(CPPFLAGS) $(PKG_CFLAGS) -std=c11 2>/dev/null

.PHONY: fuzz fuzz-run fuzz-replay lint lint-format lint-layers lint-size lint-sh lint-cppcheck \
	lint-tidy

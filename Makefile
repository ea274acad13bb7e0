# SPDX-License-Identifier: BSD-2-Clause
#
#   make run      install what is missing, build, open dnstop on this host
#   make check    install what the tests need, build, run every test
#
#   make          build only            make lint     style, static analysis, layers
#   make golden   rewrite the screens   make fuzz     fuzz each parser for FUZZ_SECONDS
#   make bench    measure               make screenshots
#   make install  PREFIX=/usr/local DESTDIR=      make uninstall
#
# V=1 shows the commands. SANITIZE=1 builds with ASan and UBSan, WERROR=1 makes
# warnings errors.

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

VERSION := 1.0.0
PREFIX  ?= /usr/local
CC      ?= cc
ifeq ($(origin CC),default)
CC      := cc
endif
CLANG   ?= clang
BPFTOOL ?= $(firstword $(wildcard /usr/sbin/bpftool /usr/local/sbin/bpftool) bpftool)
PKGCONF ?= pkg-config

ifeq ($(SANITIZE),1)
O       := build/san
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPT     ?= -O1 -g
else
O       := build/out
OPT     ?= -O3 -g
endif

# What is linked, and the Debian packages that bring it.
LIBS      := libbpf libpcap ncursesw ldns libnghttp2 libpsl zlib libzstd
DEPS      := gcc make clang llvm bpftool pkg-config libbpf-dev libpcap-dev libncurses-dev \
             libldns-dev libnghttp2-dev libpsl-dev libxxhash-dev libssl-dev zlib1g-dev libzstd-dev
DEPS_TEST := $(DEPS) libcmocka-dev libvterm-dev unbound knot knot-dnsutils \
             knot-resolver bind9-dnsutils curl openssl dnsperf dnsmasq-base tshark tcpdump iproute2 nftables python3 mandoc procps util-linux
# The classic dnstop, to compare with; PacketQ is measured where it is installed.
DEPS_BENCH := $(DEPS_TEST) dnstop
DEPS_LINT := $(DEPS_TEST) libclang-rt-dev clang-format clang-tidy cppcheck
DEPS_SHOT := $(DEPS_TEST) librsvg2-bin fonts-dejavu-core

WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wundef \
           -Wpointer-arith -Wcast-align -Wwrite-strings $(if $(filter 1,$(WERROR)),-Werror)
CPPFLAGS += -I. -I$(O) -D_GNU_SOURCE -DDNSTOP_VERSION='"$(VERSION)"'
CFLAGS  ?= $(OPT)
CFLAGS  += -std=c11 $(WARN) $(SANFLAGS)
LDFLAGS += -pthread $(SANFLAGS)
# Looked up when first needed, so that `make deps` works before they are there.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell $(PKGCONF) --cflags $(LIBS)))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(shell $(PKGCONF) --libs $(LIBS)))$(PKG_LIBS)

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' $(1) $(2))

CORE_SRC := $(wildcard core/*/*.c)
# The program around the core: its faces, and what drives them.
APP_SRC  := $(wildcard app/*.c plain/*.c tui/*.c tui/*/*.c)
CORE_OBJ := $(CORE_SRC:%.c=$(O)/%.o)
APP_OBJ  := $(APP_SRC:%.c=$(O)/%.o)
UNIT     := $(patsubst tests/unit/%.c,$(O)/tests/unit/%,$(wildcard tests/unit/test_*.c))
SKEL     := $(patsubst bpf/%.bpf.c,$(O)/%.skel.h,$(wildcard bpf/*.bpf.c))

all: $(O)/dnstop

$(O)/dnstop: $(APP_OBJ) $(O)/libcore.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(O)/libcore.a: $(CORE_OBJ)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(O)/%.o: %.c Makefile
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(PKG_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The kernel programs, good for every kernel, embedded by their skeletons.
BPF_ARCH := $(shell uname -m | sed -e 's/x86_64/x86/' -e 's/aarch64/arm64/' -e 's/ppc64le/powerpc/' -e 's/riscv64/riscv/' -e 's/s390x/s390/')

$(O)/%.bpf.o: bpf/%.bpf.c $(wildcard bpf/*.h) Makefile
	$(call say,BPF,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) -target bpf -D__TARGET_ARCH_$(BPF_ARCH) -I. -g -O2 -Wall -Wextra \
		-Wno-unused-parameter $(if $(filter 1,$(WERROR)),-Werror) -c -o $@ $<

$(O)/%.skel.h: $(O)/%.bpf.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen object $(O)/$*.linked.bpf.o $< && \
		$(BPFTOOL) gen skeleton $(O)/$*.linked.bpf.o name $*_bpf > $@

$(O)/core/source/bpf_load.o $(O)/core/source/bpf_tls.o: $(SKEL)

# Tests: every tests/unit/test_x.c is a program of its own.
$(O)/tests/unit/%: $(O)/tests/unit/%.o $(O)/libcore.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lcmocka

# A program that a live test runs.
$(O)/tests/live/%: $(O)/tests/live/%.o $(O)/libcore.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

unit: $(UNIT)
	$(Q)tests/run-unit $(UNIT)

-include tests/tests.mk
-include tests/screen/screen.mk

# The longest first; they may run side by side.
CLI_TESTS := contract filters cli queries encrypted classic corpus captures write follow plain terminal

cli-test: $(CLI_TESTS:%=cli/%)
$(CLI_TESTS:%=cli/%): cli/%: $(O)/dnstop
	$(Q)DNSTOP=$(O)/dnstop tests/cli/test_$*.py

LIVE_TESTS := live owner containers drop plain transport shed decrypt lookup path

# Each of them, whatever becomes of the others.
live-test: $(O)/dnstop $(O)/tests/live/ask $(O)/tests/live/tlsask
	$(Q)rc=0; for t in $(LIVE_TESTS); do \
		DNSTOP=$(O)/dnstop ASK=$(O)/tests/live/ask TLSASK=$(O)/tests/live/tlsask \
			tests/live/test_$$t.py || rc=1; \
	done; exit $$rc

$(O)/tests/live/ask: tests/live/ask.c
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -O2 $(WARN) -static -o $@ $<

# One that brings its TLS library itself.
$(O)/tests/live/tlsask: tests/live/tlsask.c
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -O2 $(WARN) -o $@ $< -Wl,-Bstatic -lssl -lcrypto -Wl,-Bdynamic

bpf-test: $(O)/tests/live/bpf_smoke
	$(Q)BPF_SMOKE=$(O)/tests/live/bpf_smoke tests/live/test_bpf.py

# The man page's lists come from the program's tables.
$(O)/gendoc: $(O)/tools/gendoc.o $(filter-out %/main.o,$(APP_OBJ)) $(O)/libcore.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

man: $(O)/gendoc
	$(Q)$(O)/gendoc < man/dnstop.8 > $(O)/dnstop.8 && cp $(O)/dnstop.8 man/dnstop.8

man-test: $(O)/gendoc
	$(Q)$(O)/gendoc < man/dnstop.8 | diff -u man/dnstop.8 - \
		|| { echo "man/dnstop.8 is not what the tables say: make man"; exit 1; }
	$(Q)if mandoc -Tlint -Wwarning man/dnstop.8 | grep -v 'outdated mandoc.db'; \
		then exit 1; else echo "1 passed, 0 failed"; fi

# Everything, each stage once; the sanitized build repeats all but the live
# traffic and the screens, where its slowness would test nothing more.
MAKE_SAN := $(MAKE) -j2 --no-print-directory SANITIZE=1 WERROR=1
SIDE_BY_SIDE := -k --output-sync=target
check: deps-test
	$(Q)$(MAKE) -j2 --no-print-directory WERROR=1 all
	$(Q)tests/run-check \
		-- layers tools/check-layers \
		-- size tools/check-size \
		-- stack tools/check-stack $(SKEL:.skel.h=.linked.bpf.o) \
		-- man $(MAKE) -s WERROR=1 man-test \
		-- unit $(MAKE) -j2 -s WERROR=1 unit \
		-- cli $(MAKE) -j2 $(SIDE_BY_SIDE) -s cli-test \
		-- bpf $(MAKE) -s WERROR=1 bpf-test \
		-- live $(MAKE) -s live-test \
		== screen $(MAKE) -s screen-test \
		++ unit-sanitized $(MAKE_SAN) unit \
		-- cli-sanitized $(MAKE_SAN) $(SIDE_BY_SIDE) cli-test \
		-- fuzz-replay $(MAKE_SAN) fuzz-replay

# What the project holds itself to, as ratios within one run; never in CI.
BENCH := $(O)/tests/bench
BENCH_NEEDS := $(BENCH)/gen $(BENCH)/floor $(BENCH)/flood $(BENCH)/sink \
               $(BENCH)/empty $(BENCH)/empty.bpf.o $(BENCH)/bench_query $(BENCH)/bench_ui $(O)/dnstop \
               $(O)/tests/live/bpf_smoke

$(BENCH)/bench_ui: $(BENCH)/bench_ui.o $(SCREEN_TUI) $(O)/libcore.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lutil

$(BENCH)/%: $(BENCH)/%.o $(O)/libcore.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(BENCH)/empty.bpf.o: tests/bench/empty.bpf.c
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) -target bpf -g -O2 -I/usr/include/$(shell uname -m)-linux-gnu -c -o $@ $<

bench: deps-bench
	$(Q)$(MAKE) --no-print-directory $(BENCH_NEEDS)
	$(Q)tests/bench/offline.py $(O)/dnstop $(BENCH)/gen $(BENCH)/floor
	$(Q)$(BENCH)/bench_query
	$(Q)$(BENCH)/bench_ui
	$(Q)$(SUDO) tests/bench/live.py $(O)/dnstop $(BENCH)

# Packages: asks dpkg first, so that nothing happens where nothing is missing.
deps:      ; @tools/install-deps $(DEPS)
deps-test: ; @tools/install-deps $(DEPS_TEST)
deps-bench: ; @tools/install-deps $(DEPS_BENCH)
deps-lint: ; @tools/install-deps $(DEPS_LINT)
deps-shot: ; @tools/install-deps $(DEPS_SHOT)

# Without it dnstop says itself what it lacks.
SUDO := $(if $(filter 0,$(shell id -u)),,$(shell command -v sudo))

run: deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)$(SUDO) $(O)/dnstop $(ARGS)

install: all
	install -D -m 755 $(O)/dnstop $(DESTDIR)$(PREFIX)/sbin/dnstop
	install -D -m 644 data/doh-resolvers $(DESTDIR)$(PREFIX)/share/dnstop/doh-resolvers
	install -D -m 644 data/tlds $(DESTDIR)$(PREFIX)/share/dnstop/tlds
	install -D -m 644 man/dnstop.8 $(DESTDIR)$(PREFIX)/share/man/man8/dnstop.8

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/sbin/dnstop $(DESTDIR)$(PREFIX)/share/man/man8/dnstop.8
	rm -rf $(DESTDIR)$(PREFIX)/share/dnstop

clean:
	rm -rf build

-include $(CORE_OBJ:.o=.d) $(APP_OBJ:.o=.d) $(UNIT:=.d) $(O)/tools/gendoc.d $(wildcard $(O)/tests/live/*.d)

.PHONY: all unit cli-test $(CLI_TESTS:%=cli/%) bpf-test live-test man man-test check bench deps deps-test deps-bench deps-lint deps-shot run install uninstall clean
.SECONDARY:

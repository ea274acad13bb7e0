# SPDX-License-Identifier: BSD-2-Clause
# The screen under test, and pictures of it. The Makefile includes this.

SCREEN     := $(O)/tests/screen
SCREEN_LIB := $(SCREEN)/vtdrive.o $(SCREEN)/vtcells.o
# The faces without the program around them.
SCREEN_TUI := $(filter-out $(O)/app/%,$(APP_OBJ))
SCREEN_RUN  = $(SCREEN)/test_screen $(O)/dnstop $(SCREEN)/live_main $(SCREEN)/demo.pcap \
              tests/screen/golden

$(SCREEN)/test_screen: $(patsubst %,$(SCREEN)/%.o,harness goldens matrix terminal keys filter mouse monkey panels live settings)

$(SCREEN)/test_screen $(SCREEN)/vtshot: $(SCREEN)/%: $(SCREEN)/%.o $(SCREEN_LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ -lvterm -lutil -lcmocka

$(SCREEN)/live_main $(SCREEN)/test_parts $(SCREEN)/test_freeze $(SCREEN)/test_export $(SCREEN)/test_settings $(SCREEN)/test_cell $(SCREEN)/test_complete $(SCREEN)/test_plain: $(SCREEN)/%: $(SCREEN)/%.o $(SCREEN_TUI) $(O)/libcore.a
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lcmocka -lm

$(SCREEN)/demo.pcap: tests/screen/mkdemo.py
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)python3 $< $@

$(SCREEN)/lookups.pcap: tests/screen/mkdemo.py
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)python3 $< $@ lookups

$(SCREEN)/encrypted.pcap: tests/screen/mkencrypted.py tests/lib/packets.py
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)python3 $< $@

SCREEN_NEEDS := $(SCREEN)/encrypted.pcap $(SCREEN)/lookups.pcap $(O)/dnstop $(SCREEN)/test_screen $(SCREEN)/live_main $(SCREEN)/demo.pcap

screen-test: $(SCREEN_NEEDS) $(SCREEN)/test_parts $(SCREEN)/test_freeze $(SCREEN)/test_export $(SCREEN)/test_settings $(SCREEN)/test_cell $(SCREEN)/test_complete $(SCREEN)/test_plain
	$(Q)$(SCREEN)/test_parts
	$(Q)$(SCREEN)/test_plain
	$(Q)$(SCREEN)/test_freeze
	$(Q)$(SCREEN)/test_export
	$(Q)$(SCREEN)/test_settings
	$(Q)$(SCREEN)/test_cell
	$(Q)$(SCREEN)/test_complete
	$(Q)$(SCREEN_RUN)

golden: $(SCREEN_NEEDS)
	$(Q)mkdir -p tests/screen/golden/matrix
	$(Q)GOLDEN_WRITE=1 $(SCREEN_RUN)

# NAME COLSxROWS STEPS: each the real program on the demo capture.
SHOTS := overview stacked top columns panels rank flows flows-80x24 detail rewound filter-error help \
         light waterfall
SHOT_overview     := 120x40 key:S-Tab
SHOT_stacked      := 120x30 key:S-Tab key:PgDn key:PgDn type:v type:e
SHOT_panels       := 120x40 key:S-Tab key:F2 type:/lat
SHOT_rank         := 80x24 key:S-Tab type:B
SHOT_rewound      := 120x24 type:, type:, type:, type:,
SHOT_top          := 120x20 'type:@'
SHOT_columns      := 80x24 key:F2 key:Down key:Down
SHOT_flows        := 120x30
SHOT_flows-80x24  := 80x24
SHOT_detail       := 120x36 key:F6 key:End key:Up key:Enter key:Enter
SHOT_filter-error := 80x24 'type:/rcode!=NOERROR' 'type: and latencyy>=20ms'
SHOT_help         := 80x24 'type:?'
SHOT_light        := 80x24 'type:>>>>>' key:Down key:Down
SHOT_waterfall    := 120x24 type:/ns1.dns.example key:Enter type:w
# Of another capture than the demo one.
FILE_waterfall    := lookups.pcap

screenshots: deps-shot
	$(Q)$(MAKE) --no-print-directory $(SHOTS:%=screenshots/%.png)

screenshots/%.svg: $(O)/dnstop $(SCREEN)/vtshot $(SCREEN)/demo.pcap $(SCREEN)/lookups.pcap
	$(call say,SHOT,$@)
	$(Q)mkdir -p $(@D)
	$(Q)out=$$PWD/$@ && cd $(SCREEN) && HOME=/nonexistent ./vtshot $(if $(filter light,$*),-l) \
		$(firstword $(SHOT_$*)) $$out wait:FILE $(wordlist 2,99,$(SHOT_$*)) -- \
		$(abspath $(O)/dnstop) $(or $(FILE_$*),demo.pcap)

screenshots/%.png: screenshots/%.svg
	$(Q)rsvg-convert -z 1.2 $< -o $@

-include $(wildcard $(SCREEN)/*.d)

.PHONY: screen-test golden screenshots

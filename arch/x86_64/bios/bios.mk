# From core.elf to the BIOS artifacts. Layouts: arch/x86_64/bios/low_block.h, scripts/mkimage.py.
# Included by the Makefile.

PREFIX      := arch/x86_64/bios/prefix
PREFIX_OUT  := $(BUILD)/bios/$(PREFIX)
# In this order: no loop of the unpacking lies on two pages, which TCG would take longer for (linker/hot.ld).
UNPACKER_CC := $(addprefix $(PREFIX)/,lzma.cc unpack.cc streams.cc)
PREFIX_LINK := ld -nostdlib -static -z noexecstack -z max-page-size=4096 --build-id=none \
               --no-warn-rwx-segments

# The unpacker runs anywhere and before anything is set up: no SSE, no calls that it does not define.
$(UNPACKER_CC:%.cc=$(BUILD)/bios/%.o): CORE_FLAGS += -mgeneral-regs-only -fno-tree-loop-distribute-patterns
$(UNPACKER_CC:%.cc=$(BUILD)/bios/%.o): LTO :=

$(foreach x,rom lkrn nbp payload mbr,$(PREFIX_OUT)/$(x).elf): %.elf: %.o linker/prefix.ld
	$(say) LD $@
	$(Q)$(PREFIX_LINK) -T linker/prefix.ld $< -o $@

$(PREFIX_OUT)/low.elf: $(PREFIX_OUT)/low.o $(UNPACKER_CC:%.cc=$(BUILD)/bios/%.o) linker/low.ld
	$(say) LD $@
	$(Q)$(PREFIX_LINK) --gc-sections -T linker/low.ld $(filter %.o,$^) -o $@

$(BUILD)/payload.bin: $(BUILD)/core.elf
$(BUILD)/small-payload.bin: $(BUILD)/small.elf
$(BUILD)/payload.bin $(BUILD)/small-payload.bin: $(PREFIX_OUT)/low.elf $(PREFIX_OUT)/payload.elf \
                      scripts/mkimage.py scripts/instruction_streams.py
	$(say) PACK $@
	$(Q)scripts/mkimage.py payload -o $@ --core $(filter $(BUILD)/%.elf,$(filter-out $(PREFIX_OUT)/%,$^)) \
	  --low $(PREFIX_OUT)/low.elf --head $(PREFIX_OUT)/payload.elf

# hawser-VENDOR-DEVICE: the name carries the PCI ID. A .rom has an image for each kind of firmware, the
# BIOS's first; .biosrom and .efirom are those alone.
comma := ,
rom_ids = --vendor $(word 1,$(subst -, ,$(1))) --device $(word 2,$(subst -, ,$(1)))

$(BUILD)/hawser-%.biosrom: $(BUILD)/payload.bin $(PREFIX_OUT)/rom.elf scripts/mkimage.py
	$(say) ROM $@
	$(Q)scripts/mkimage.py rom -o $@ --prefix $(PREFIX_OUT)/rom.elf --payload $< $(call rom_ids,$*)

# For BIOS alone, and for cards of the one driver that it has.
$(BUILD)/hawser-%-small.rom: $(BUILD)/small-payload.bin $(PREFIX_OUT)/rom.elf scripts/mkimage.py
	$(if $(filter 8086-%,$*),,$(error a small ROM drives Intel's cards alone: VENDOR=8086))
	$(say) ROM $@
	$(Q)scripts/mkimage.py rom -o $@ --prefix $(PREFIX_OUT)/rom.elf --payload $< $(call rom_ids,$*)

$(BUILD)/hawser-%.rom: $(BUILD)/hawser-%.biosrom $(BUILD)/hawser-%.efirom scripts/mkimage.py
	$(say) ROM $@
	$(Q)scripts/mkimage.py join -o $@ --bios $(BUILD)/hawser-$*.biosrom --efi $(BUILD)/hawser-$*.efirom

$(BUILD)/hawser.lkrn: $(BUILD)/payload.bin $(PREFIX_OUT)/lkrn.elf scripts/mkimage.py
	$(say) LKRN $@
	$(Q)scripts/mkimage.py lkrn -o $@ --prefix $(PREFIX_OUT)/lkrn.elf --payload $<

$(BUILD)/hawser.kpxe: $(BUILD)/payload.bin $(PREFIX_OUT)/nbp.elf scripts/mkimage.py
	$(say) KPXE $@
	$(Q)scripts/mkimage.py nbp -o $@ --prefix $(PREFIX_OUT)/nbp.elf --payload $<

# A disk or USB stick for both kinds of firmware. SCRIPT= goes onto it as autoexec.ipxe.
$(BUILD)/hawser.usb: $(BUILD)/hawser.lkrn $(BUILD)/hawser.efi $(PREFIX_OUT)/mbr.elf scripts/mkusb $(SCRIPT)
	$(say) USB $@
	$(Q)scripts/mkusb -o $@ --mbr $(PREFIX_OUT)/mbr.elf --lkrn $< --efi $(BUILD)/hawser.efi \
	  $(if $(SCRIPT),--script $(SCRIPT))
usb: $(BUILD)/hawser.usb
ifneq ($(filter usb,$(MAKECMDGOALS)),)
.PHONY: $(BUILD)/hawser.usb             # another SCRIPT=, or none, makes another image
endif

rom: $(BUILD)/hawser-$(VENDOR)-$(DEVICE).rom
small-rom: $(BUILD)/hawser-$(VENDOR)-$(DEVICE)-small.rom
.PRECIOUS: $(BUILD)/hawser-%.biosrom $(BUILD)/hawser-%.efirom
lkrn: $(BUILD)/hawser.lkrn
kpxe: $(BUILD)/hawser.kpxe

# Pure parts that the unit tests build for the host as well.
HOST_EXTRA_BIOS := arch/x86_64/ansi.cc arch/x86_64/moves.cc arch/x86_64/firmware_tables.cc \
                   arch/x86_64/bios/rtc_time.cc arch/x86_64/noise.cc \
                   arch/x86_64/bios/prefix/lzma.cc arch/x86_64/bios/prefix/streams.cc

-include $(wildcard $(PREFIX_OUT)/*.d)

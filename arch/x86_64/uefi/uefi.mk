# hawser.efi and UEFI option ROMs: the objects of the core, with this folder in place of arch/x86_64/bios. Included by the
# Makefile.

$(BUILD)/efi.elf: $(EFI_OBJ) linker/efi.ld linker/hot.ld
	$(call link_core,linker/efi.ld,$(EFI_OBJ))

$(BUILD)/hawser.efi: $(BUILD)/efi.elf scripts/mkimage.py src/version.h
	$(say) EFI $@
	$(Q)scripts/mkimage.py efi -o $@ --core $< --version-header src/version.h

efi: $(BUILD)/hawser.efi

# The driver in UEFI option ROMs. Its sections are found and unpacked by the same code as elsewhere.
EFI_ROM_CC  := $(wildcard arch/x86_64/uefi/rom/*.cc)
EFI_ROM_OBJ := $(call objects,bios,$(EFI_ROM_CC) arch/x86_64/uefi/sections.cc \
                 arch/x86_64/bios/prefix/lzma.cc arch/x86_64/bios/prefix/streams.cc \
                 arch/x86_64/libc/memory.cc)

$(BUILD)/efirom.elf: $(EFI_ROM_OBJ) linker/efi.ld linker/hot.ld
	$(call link_core,linker/efi.ld -Wl$(comma)-e$(comma)efi_rom_main$(comma)--defsym=no_stack=1,$(EFI_ROM_OBJ))

$(BUILD)/hawser-%.efirom: $(BUILD)/efirom.elf $(BUILD)/hawser.efi scripts/mkimage.py \
                            scripts/instruction_streams.py src/version.h
	$(say) ROM $@
	$(Q)scripts/mkimage.py efirom -o $@ --core $< --program $(BUILD)/hawser.efi \
	  --version-header src/version.h $(call rom_ids,$*)

-include $(EFI_ROM_OBJ:.o=.d)

# Parts that ask the firmware little enough to be tested against a fake.
HOST_EXTRA_UEFI := $(addprefix arch/x86_64/uefi/,call_watch.cc console.cc files.cc firmware.cc lease.cc sections.cc \
                     spare.cc variables.cc rom/driver.cc rom/image.cc rom/mac.cc) arch/x86_64/serial.cc arch/x86_64/clock.cc

# hawser.efi: the objects of the core, with this folder in place of arch/x86_64/bios. Included by the
# Makefile.

$(BUILD)/efi.elf: $(EFI_OBJ) linker/efi.ld
	$(call link_core,linker/efi.ld,$(EFI_OBJ))

$(BUILD)/hawser.efi: $(BUILD)/efi.elf scripts/mkimage.py src/version.h
	$(say) EFI $@
	$(Q)scripts/mkimage.py efi -o $@ --core $< --version-header src/version.h

efi: $(BUILD)/hawser.efi

# Parts that ask the firmware little enough to be tested against a fake.
HOST_EXTRA_UEFI := $(addprefix arch/x86_64/uefi/,console.cc files.cc firmware.cc sections.cc \
                     spare.cc variables.cc) arch/x86_64/serial.cc arch/x86_64/clock.cc

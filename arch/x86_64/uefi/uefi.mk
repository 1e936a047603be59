# hawser.efi: the objects of the core, with this folder in place of arch/x86_64/bios. Included by the
# Makefile.

$(BUILD)/efi.elf: $(EFI_OBJ) linker/efi.ld
	$(call link_core,linker/efi.ld,$(EFI_OBJ))

$(BUILD)/hawser.efi: $(BUILD)/efi.elf scripts/mkimage.py src/version.h
	$(say) EFI $@
	$(Q)scripts/mkimage.py efi -o $@ --core $< --version-header src/version.h

efi: $(BUILD)/hawser.efi

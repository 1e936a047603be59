build-oz/bios/drivers/snp/device.o: drivers/snp/device.cc \
 drivers/snp/device.h drivers/nic.h src/base/address.h src/base/bytes.h \
 src/base/result.h src/memory_map.h drivers/snp/api.h \
 arch/x86_64/uefi/efi.h src/base/format.h
drivers/snp/device.h:
drivers/nic.h:
src/base/address.h:
src/base/bytes.h:
src/base/result.h:
src/memory_map.h:
drivers/snp/api.h:
arch/x86_64/uefi/efi.h:
src/base/format.h:

build-oz/bios/src/main.o: src/main.cc src/main.h drivers/nic.h \
 src/base/address.h src/base/bytes.h src/base/result.h src/memory_map.h \
 src/platform.h src/base/text_ring.h src/base/time.h src/load_plan.h \
 src/program.h drivers/pci/config.h drivers/pci/table.h \
 drivers/pci/function.h drivers/undi/api.h drivers/undi/rom.h \
 drivers/undi/device.h net/stack/stack.h src/loop.h src/network.h \
 src/fetch.h src/uri/uri.h src/agent.h
src/main.h:
drivers/nic.h:
src/base/address.h:
src/base/bytes.h:
src/base/result.h:
src/memory_map.h:
src/platform.h:
src/base/text_ring.h:
src/base/time.h:
src/load_plan.h:
src/program.h:
drivers/pci/config.h:
drivers/pci/table.h:
drivers/pci/function.h:
drivers/undi/api.h:
drivers/undi/rom.h:
drivers/undi/device.h:
net/stack/stack.h:
src/loop.h:
src/network.h:
src/fetch.h:
src/uri/uri.h:
src/agent.h:

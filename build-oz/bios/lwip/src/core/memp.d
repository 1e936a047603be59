build-oz/bios/lwip/src/core/memp.o: build/deps/lwip/src/core/memp.c

build-oz/bios/lwip/src/core/mem.o: build/deps/lwip/src/core/mem.c

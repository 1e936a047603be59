build-oz/bios/lwip/src/core/raw.o: build/deps/lwip/src/core/raw.c
